"""Makes doc2vec.json: single steps of negative sampling and the chances of words, in double precision.

Formulas: Mikolov et al. 2013 (arXiv 1310.4546), equation 4 (negative sampling), section 2.3 in the form that word2vec.c has for
frequent words; Le and Mikolov 2014 (arXiv 1405.4053), figures 2 and 3 (PV-DM with the mean, PV-DBOW). The gradients are checked
against differences of the loss. Needs NumPy.
"""
import json
from pathlib import Path

import numpy as np

random = np.random.default_rng(5)


def loss(hidden, targets):
    """-log σ(h·v) of the word that is there and -log σ(-h·v) of the others."""
    scores = targets @ hidden * np.where(np.arange(len(targets)) == 0, 1, -1)
    return np.log1p(np.exp(-scores)).sum()


def slope(function, x, epsilon=1e-6):
    result = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = epsilon
        result[i] = (function(x + step) - function(x - step)) / (2 * epsilon)
    return result


def step(inputs, targets, rate):
    """Inputs and targets after one step; word2vec.c gives every input the whole error, which is the slope for their sum."""
    hidden = inputs.mean(axis=0)
    error = (np.arange(len(targets)) == 0) - 1 / (1 + np.exp(-targets @ hidden))
    change_of_targets, change_of_inputs = np.outer(error, hidden), error @ targets
    assert np.allclose(change_of_targets, -slope(lambda t: loss(hidden, t), targets), atol=1e-6)
    assert np.allclose(change_of_inputs, -slope(lambda h: loss(h, targets), hidden), atol=1e-6)
    return inputs + rate * change_of_inputs, targets + rate * change_of_targets


steps = []
for dimensions, inputs, negative, rate in ((10, 1, 5, 0.5), (10, 4, 5, 0.5), (24, 11, 2, 0.05), (8, 2, 1, 1.0)):
    x, v = random.normal(size=(inputs, dimensions)), random.normal(size=(negative + 1, dimensions))
    v[0] *= 4  # a score beyond what most are
    after_x, after_v = step(x, v, rate)
    rows = dict(inputs=x, targets=v, inputsAfter=after_x, targetsAfter=after_v)
    steps.append(dict(rate=rate, **{name: np.round(value, 9).tolist() for name, value in rows.items()}))

counts = [5000, 1200, 700, 90, 12, 5, 5]
share = np.array(counts) / sum(counts)
keep = {str(t): np.minimum(1, np.sqrt(t / share) + t / share).tolist() for t in (1e-1, 1e-2, 1e-3)}
noise = np.array(counts) ** 0.75
result = dict(steps=steps, counts=counts, keep=keep, noise=(noise / noise.sum()).tolist())
Path(__file__).with_name("doc2vec.json").write_text(json.dumps(result) + "\n")
