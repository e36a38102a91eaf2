"""Makes ranks.json, the reference numbers of packages/attribution/test/rank-correlation.test.ts.

    python make_ranks.py     # Python 3.11, NumPy 2.4.6, SciPy 1.17.1
"""
import json
from pathlib import Path

import numpy as np
from scipy.stats import rankdata, spearmanr

generator = np.random.default_rng(0)


def case(n, decimals):
    """Two related sides, rounded to so few decimals that many values are equal."""
    one = np.round(generator.normal(0, 1, n), decimals)
    other = np.round(0.6 * one + generator.normal(0, 1, n), decimals)
    return {"one": one.tolist(), "other": other.tolist(), "ranks": rankdata(one).tolist(), "rho": float(spearmanr(one, other).statistic)}


reference = [case(n, decimals) for n, decimals in ((3, 3), (7, 3), (8, 0), (15, 1), (30, 0))]
Path(__file__).with_name("ranks.json").write_text(json.dumps(reference) + "\n")
