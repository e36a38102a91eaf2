"""The Python side of exchange.ts: `make FOLDER` stores random BERTs as transformers' classes do, `read FOLDER` loads what exchange.ts saved."""
import json, sys
from pathlib import Path

import torch, transformers
from safetensors.torch import save_file

transformers.logging.set_verbosity_error()
root = Path(sys.argv[2])
ids = torch.tensor([[2, 10, 33, 17, 39, 3], [2, 7, 29, 3, 0, 0]])
mask = (ids != 0).long()
types = torch.tensor([[0, 0, 0, 1, 1, 1], [0] * 6])
inputs = dict(input_ids=ids, attention_mask=mask, token_type_ids=types)


def make():
    torch.manual_seed(0)
    for kind in ("BertModel", "BertForSequenceClassification", "BertForPreTraining"):
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            for form in ("safetensors", "bin"):
                config = transformers.BertConfig(vocab_size=40, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
                                                 max_position_embeddings=16, initializer_range=0.2, num_labels=3)
                model = getattr(transformers, kind)(config).eval().to(dtype)
                folder = root / f"{kind}-{str(dtype)[6:]}-{form}"
                if form == "safetensors":
                    model.save_pretrained(folder)
                else:
                    folder.mkdir()
                    model.config.save_pretrained(folder)
                    torch.save(model.state_dict(), folder / "pytorch_model.bin")
                model = model.float()
                with torch.no_grad():
                    logits = model(**inputs).logits if kind.endswith("Classification") else (model if kind == "BertModel" else model.bert)(**inputs).pooler_output
                expected = dict(ids=ids.tolist(), types=types.tolist(), lengths=mask.sum(1).tolist(), output=logits.tolist())
                (folder / "expected.json").write_text(json.dumps(expected))


def read():
    for folder in sorted(root.iterdir()):
        model, info = transformers.BertForSequenceClassification.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
        given = json.loads((folder / "expected.json").read_text())
        rows = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in given["ids"]], batch_first=True)
        lengths = torch.tensor([len(row) for row in given["ids"]])
        with torch.no_grad():
            logits = model.eval()(input_ids=rows, attention_mask=(torch.arange(rows.shape[1])[None] < lengths[:, None]).long()).logits
        print(json.dumps(dict(folder=folder.name, logits=logits.tolist(), labels=list(model.config.id2label.values()),
                              missing=sorted(info["missing_keys"]), leftOver=sorted(info["unexpected_keys"]))))


dict(make=make, read=read)[sys.argv[1]]()
