#!/bin/bash
# papermill's -p reads numbers, but of truth values only Python's own spelling
#
# One would guess that `papermill in.ipynb out.ipynb -p quick false` sets a truth value: -p turns 3 into a number and 1e-5 into
# a float, the same words under -y (YAML) give one, and the notebook's language may write it false. What happens: true and
# false stay texts, whatever the language; only True, False and None are more than a text. A cell of a language with types
# then fails; in one without, such as JavaScript, the text "false" counts as true, so that the notebook does the opposite of
# what was asked, without a word.
#
# Why it matters: sweeps over notebooks are written as lines of -p, and a switch that seems off is on.
# Versions: papermill 2.7.0 (papermill/cli.py, the function that resolves the types of -p).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check papermill==2.7.0
cat > in.ipynb <<'NOTEBOOK'
{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {"tags": ["parameters"]}, "outputs": [], "source": ["quick = true"]}],
 "metadata": {"kernelspec": {"display_name": "Julia", "language": "julia", "name": "julia"}}, "nbformat": 4, "nbformat_minor": 4}
NOTEBOOK
# what papermill would set, without running anything
set_by() {
  venv/bin/papermill --prepare-only in.ipynb out.ipynb "$@" > log.txt 2>&1 || { cat log.txt; exit 1; }
  python3 -c 'import json; print([line for line in "".join(json.load(open("out.ipynb"))["cells"][1]["source"]).splitlines() if line.startswith("quick")][0])'
}
saw="$(printf '%s\n' "-p quick false: $(set_by -p quick false)" "-p quick False: $(set_by -p quick False)" \
  "-p quick 1e-5: $(set_by -p quick 1e-5)" "-y 'quick: false': $(set_by -y 'quick: false')")"
echo "$saw"
diff <(echo "$saw") - <<'SAW'
-p quick false: quick = "false"
-p quick False: quick = false
-p quick 1e-5: quick = 1e-05
-y 'quick: false': quick = false
SAW
echo "as found"
