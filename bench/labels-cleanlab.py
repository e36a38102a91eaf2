"""cleanlab's view of out-of-fold probabilities: `labels-cleanlab.py FILE`, lines of {labels, probabilities} in,
lines of {scores: {name: of each text, the worst highest}, issues, joint} out."""

import json
import sys

import numpy
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

METHODS = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def ranked(labels, probabilities, method, adjust):
    quality = get_label_quality_scores(labels, probabilities, method=method, adjust_pred_probs=adjust)
    return (1 - quality).tolist()


with open(sys.argv[1], encoding="utf8") as lines:
    for line in lines:
        one = json.loads(line)
        labels = numpy.array(one["labels"])
        probabilities = numpy.array(one["probabilities"])
        probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)  # runs keep four digits
        scores = {method: ranked(labels, probabilities, method, False) for method in METHODS}
        for method in METHODS[:2]:
            scores[f"{method}, adjusted"] = ranked(labels, probabilities, method, True)
        issues = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1)
        joint = compute_confident_joint(labels, probabilities, calibrate=False)
        print(json.dumps({"scores": scores, "issues": issues.tolist(), "joint": joint.tolist()}))
