"""Makes statistics.json, the reference numbers of test/evaluate/paired.test.ts.

    python make_statistics.py     # Python 3.11, NumPy 2.4.6, SciPy 1.17.1, statsmodels 0.15.0
"""
import json
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

generator = np.random.default_rng(0)


def paired_bootstrap(n_items):
    """Two systems' right and wrong answers of the same items: the percentile interval of the difference of accuracies."""
    one, other = [(generator.random(n_items) < share).astype(int) for share in (0.75, 0.65)]
    interval = bootstrap((one - other,), np.mean, n_resamples=100_000, method="percentile", rng=generator).confidence_interval
    return {"one": one.tolist(), "other": other.tolist(), "low": float(interval.low), "high": float(interval.high)}


def holm(p):
    return {"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()}


reference = {
    "mcnemar": [{"counts": [b, c], "p": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)}
                for b, c in ((0, 0), (1, 0), (5, 5), (6, 0), (42, 34), (48, 148), (12, 52), (700, 800))],
    "holm": [holm([0.01, 0.04, 0.03, 0.005]), holm([0.5, 0.9, 0.02]), holm([0.03]), holm([0.02, 0.02, 0.02, 0.001, 1.0])],
    "wilson": [{"counts": [k, n], "interval": [float(x) for x in proportion_confint(k, n, method="wilson")]} for k, n in ((52, 65), (0, 10), (238, 326))],
    "bootstrap": paired_bootstrap(326),
}
Path(__file__).with_name("statistics.json").write_text(json.dumps(reference) + "\n")
