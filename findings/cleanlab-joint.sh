#!/bin/sh
# cleanlab (PyPI) counts a text for a class of which it is not confident, where it is confident of two others.
#
# In confident learning a text is counted for class j if its probability is at least the class's threshold, the
# mean probability of j among texts with the label j; of several such classes for the likeliest of them
# (Northcutt, Jiang and Chuang 2021, equation 1; the code's own comment: "When there is 2+ confident classes,
# choose the class with largest prob"). One would guess that a class below its threshold gets no text. Seen
# instead: with two confident classes the likeliest of all classes is taken, though it is below its threshold
# (the docstring shows the line, np.argmax(row), and calls it 100% accurate).
# Below, a text with the label 0 is confidently of 1 (.30 against .20) and of 2 (.10 against .08), not of 0 (.60
# against .775): it is counted as rightly labelled, and is no label issue.
# Why it matters: frequent classes have high thresholds, rare ones low; a frequent label that should be a rare
# one is missed, by compute_confident_joint and by find_label_issues(filter_by="confident_learning").
# Seen with cleanlab 2.9.0, numpy 2.4.6, scikit-learn 1.9.1 on Python 3.11; exits 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check cleanlab==2.9.0 numpy==2.4.6 scikit-learn==1.9.1
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues

labels = numpy.array([0, 0, 1, 2])
rows = numpy.array([[0.95, 0.03, 0.02], [0.6, 0.3, 0.1], [0.8, 0.2, 0.0], [0.92, 0.0, 0.08]])
thresholds = get_confident_thresholds(labels, rows)
joint = compute_confident_joint(labels, rows, calibrate=False)
issues = find_label_issues(labels, rows, filter_by="confident_learning", n_jobs=1)
confident = [c for c in range(3) if rows[1][c] >= thresholds[c]]
print("thresholds:", thresholds.round(3).tolist())
print("the second text is confidently of the classes", confident, "(guess: counted for the likelier of them, 1)")
print("texts with the label 0 are counted for", joint[0].tolist(), "(guess [1, 1, 0])")
print("label issues:", issues.tolist(), "(guess: the second text is one)")
sys.exit(0 if confident == [1, 2] and joint[0].tolist() == [2, 0, 0] and not issues[1] else 1)
PY
