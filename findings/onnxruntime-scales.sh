#!/bin/sh
# onnxruntime's quantize_dynamic gives a whole table of embeddings one scale, and all rows of a batch one.
#
# One would guess: per_channel=True gives each row of a table its scale, as it does each output of a map; and what a model says of a
#   text is the same whatever other texts stand in its batch, as in float32.
# What happens: with per_channel=True and without it, the table has one scale, that of its largest number anywhere: a word whose
#   numbers are a thousandth of another one's becomes zeros. The inputs of a map are rounded by DynamicQuantizeLinear with the scale of
#   the whole batch: a row beside one that is a thousand times as large becomes zeros too, padding counts, and nothing warns.
# Why it matters: accuracy that was measured in batches of one kind does not hold in others, and answers change with the order of texts.
#   Of a BERT's 9,000 words, a few rare ones with large numbers take the bits of all others.
# Source: onnx 1.23.2, onnxruntime 1.32.0 (python package onnxruntime.quantization).
# Until then: a scale for each row, by Gather of rows and of scales; QuantizeLinear with a scale for each token before MatMulInteger.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install -q --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
cat > show.py <<'PYTHON'
import logging, numpy, onnx, onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic
logging.disable(logging.WARNING)

def save(name, op, weight, kind, shape):
    inputs = ["weight", "x"] if op == "Gather" else ["x", "weight"]
    graph = helper.make_graph([helper.make_node(op, inputs, ["y"])], name, [helper.make_tensor_value_info("x", kind, shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], [numpy_helper.from_array(weight, "weight")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), name)

def run(name, x):
    return onnxruntime.InferenceSession(name).run(None, {"x": numpy.array(x)})[0]

def shown(rows):
    return " ".join(f"{value:.2f}" for value in numpy.asarray(rows).ravel())

table = numpy.array([[0.1, 0.15], [100, 50]], numpy.float32)
save("table.onnx", "Gather", table, TensorProto.INT64, ["n"])
for per_channel in (False, True):
    quantize_dynamic("table.onnx", "table8.onnx", per_channel=per_channel)
    print(f"table, per_channel={per_channel}: float32 {shown(run('table.onnx', [0]))}, quantized {shown(run('table8.onnx', [0]))}")
save("map.onnx", "MatMul", numpy.array([[1, 0], [0, 1]], numpy.float32), TensorProto.FLOAT, ["n", 2])
quantize_dynamic("map.onnx", "map8.onnx", per_channel=True)
small, large = numpy.array([0.1, 0.15], numpy.float32), numpy.array([100, 50], numpy.float32)
for what, batch in (("alone", [small]), ("beside a large row", [small, large])):
    print(f"map, {what}: float32 {shown(run('map.onnx', batch)[0])}, quantized {shown(run('map8.onnx', batch)[0])}")
PYTHON
python/bin/python show.py 2> /dev/null | tee seen.txt
cat > expected.txt <<'TEXT'
table, per_channel=False: float32 0.10 0.15, quantized 0.00 0.00
table, per_channel=True: float32 0.10 0.15, quantized 0.00 0.00
map, alone: float32 0.10 0.15, quantized 0.10 0.15
map, beside a large row: float32 0.10 0.15, quantized 0.00 0.00
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
