"""The Python side of onnx.ts: checks each file that it wrote, and says what onnxruntime makes of its ids and texts."""
import json, sys
from pathlib import Path

import numpy, onnx, onnxruntime, transformers

transformers.logging.set_verbosity_error()
root = Path(sys.argv[1])


def logits_of(path, batch):
    session = onnxruntime.InferenceSession(path)
    length = max(len(text["ids"]) for text in batch)
    padded = lambda rows: numpy.array([list(row) + [0] * (length - len(row)) for row in rows], dtype=numpy.int64)
    given = dict(input_ids=padded([text["ids"] for text in batch]), attention_mask=padded([[1] * len(text["ids"]) for text in batch]),
                 token_type_ids=padded([text["segmentIds"] for text in batch]))
    return session.run(["logits"], {one.name: given[one.name] for one in session.get_inputs()})[0]


for path in sorted(root.glob("*/onnx/*.onnx")):
    folder = path.parent.parent
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(path)
    batch = json.loads((folder / "ids.json").read_text())
    ids = None
    if (folder / "texts.json").exists():
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        ids = [tokenizer(text)["input_ids"] for text in json.loads((folder / "texts.json").read_text())]
    print(json.dumps(dict(folder=folder.name, file=path.name, opset=[one.version for one in model.opset_import], ir=model.ir_version,
                          logits=logits_of(str(path), batch).tolist(), alone=[logits_of(str(path), [text])[0].tolist() for text in batch], ids=ids)))
