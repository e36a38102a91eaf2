"""Makes metrics.json, scikit-learn's scores of a few predictions, for test/evaluate/confusion.test.ts.

    python make_metrics.py     # Python 3.11, scikit-learn 1.9.1, NumPy 2.4.6

All classes are asked for (labels=range(C)), also where a test set has none of one; what is undefined is 0
(zero_division=0), as scikit-learn's own default is after a warning.
"""
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

generator = np.random.default_rng(1)


def drawn(n, shares, right):
    """Gold classes by their shares; a prediction is right with probability `right`, else any class."""
    gold = generator.choice(len(shares), n, p=shares)
    return gold, np.where(generator.random(n) < right, gold, generator.integers(len(shares), size=n))


def case(name, classes, gold, predicted):
    gold, predicted = np.asarray(gold), np.asarray(predicted)
    scores = lambda average: [
        np.asarray(x).tolist()
        for x in precision_recall_fscore_support(gold, predicted, labels=range(classes), average=average, zero_division=0)[:3]
    ]
    return {"name": name, "classes": classes, "gold": gold.tolist(), "predicted": predicted.tolist(),
            "accuracy": accuracy_score(gold, predicted), "byClass": scores(None), "macro": scores("macro"), "weighted": scores("weighted")}


cases = [
    case("two classes", 2, *drawn(65, [0.7, 0.3], 0.5)),
    case("two classes, all called negative", 2, [0, 0, 0, 1, 1], [0] * 5),
    case("two classes, nothing positive and nothing called so", 2, [0, 0, 0], [0, 0, 0]),
    case("three classes", 3, *drawn(553, [0.14, 0.25, 0.61], 0.6)),
    case("three classes, one never predicted", 3, [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 1]),
    case("three classes, one never gold", 3, [0, 0, 2, 2, 2], [0, 1, 2, 1, 2]),
    case("seven classes, two of them nowhere", 7, *(x * 1 for x in drawn(65, [0.4, 0.2, 0.2, 0.1, 0.1], 0.5))),
    case("one item", 3, [1], [1]),
]
Path(__file__).with_name("metrics.json").write_text(json.dumps(cases) + "\n")
