"""Makes ranking.json, the reference numbers of test/evaluate/ranking.test.ts.

    python make_ranking.py     # Python 3.11.7, NumPy 2.4.6, scikit-learn 1.9.1
"""
import json
from pathlib import Path

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, roc_auc_score

generator = np.random.default_rng(0)


def case(n, classes, decimals):
    """Probabilities rounded to so few decimals that many are equal, and on the edges of bins."""
    gold = generator.integers(0, classes, n)
    scores = generator.normal(0, 1, (n, classes)) + 1.2 * np.eye(classes)[gold]
    probabilities = np.round(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), decimals)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities[np.arange(n), predicted]
    right, mean = calibration_curve(predicted == gold, confidence, n_bins=10, strategy="uniform")
    sizes = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence), minlength=10)
    sizes = sizes[sizes > 0]
    return {
        "gold": gold.tolist(),
        "predicted": predicted.tolist(),
        "probabilities": probabilities.tolist(),
        "rocAuc": [float(roc_auc_score(gold == c, probabilities[:, c])) for c in range(classes)],
        "averagePrecision": [float(average_precision_score(gold == c, probabilities[:, c])) for c in range(classes)],
        "bins": [{"n": int(n), "confidence": float(p), "accuracy": float(a)} for n, p, a in zip(sizes, mean, right)],
        "calibrationError": float((sizes * np.abs(right - mean)).sum() / n),
    }


reference = [case(40, 2, 1), case(60, 2, 4), case(60, 3, 2)]
path = Path(__file__).with_name("ranking.json")
path.write_text(json.dumps(reference) + "\n")
