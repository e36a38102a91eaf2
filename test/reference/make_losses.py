"""Makes losses.json: cross entropy with label smoothing, focal weights and a teacher (Hinton et al. 2015), and its gradient, from the formulas in float64, for test/train/loss.test.ts.

    python make_losses.py    # numpy 2; gradients by central differences
"""
import json
from pathlib import Path

import numpy as np

LOGITS = [[2.0, -1.0, 0.5], [-0.3, 0.1, 0.2], [4.0, 0.0, -4.0], [0.0, 0.0, 0.0]]
LABELS, WEIGHTS = [0, 2, 1, 1], [1.0, 0.5, 2.0, 0.0]
TEACHER = [[1.0, -3.0, 0.25], [0.5, -0.5, 1.5], [-2.0, 3.0, 0.0], [5.0, 1.0, 2.0]]
CASES = [dict(), dict(labelSmoothing=0.1), dict(focal=2), dict(focal=1), dict(labelSmoothing=0.2, focal=1.5),
         dict(softTargets=1), dict(softTargets=0.7, temperature=3), dict(softTargets=0.4, temperature=0.5, labelSmoothing=0.1)]


def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(1, keepdims=True))


def loss(logits, labelSmoothing=0.0, focal=0.0, softTargets=0.0, temperature=1.0):
    logits = np.asarray(logits)
    log_p = log_softmax(logits)
    classes = logits.shape[1]
    truth = np.full_like(log_p, labelSmoothing / classes)
    truth[np.arange(len(LABELS)), LABELS] += 1 - labelSmoothing
    p = np.exp(log_p[np.arange(len(LABELS)), LABELS])
    rows = (1 - p) ** focal * -(truth * log_p).sum(1)
    log_q, log_p = log_softmax(np.array(TEACHER) / temperature), log_softmax(logits / temperature)
    apart = (np.exp(log_q) * (log_q - log_p)).sum(1)
    rows = (1 - softTargets) * rows + softTargets * temperature**2 * apart
    return float((rows * WEIGHTS).sum() / np.sum(WEIGHTS))


def gradient(settings, h=1e-6):
    found = np.zeros_like(np.asarray(LOGITS))
    for at in np.ndindex(found.shape):
        up, down = np.array(LOGITS), np.array(LOGITS)
        up[at] += h
        down[at] -= h
        found[at] = (loss(up, **settings) - loss(down, **settings)) / (2 * h)
    return found.round(8).tolist()


cases = [dict(settings=one, loss=loss(LOGITS, **one), gradient=gradient(one)) for one in CASES]
made = dict(logits=LOGITS, labels=LABELS, weights=WEIGHTS, teacher=TEACHER, cases=cases)
Path(__file__).with_name("losses.json").write_text(json.dumps(made) + "\n")
