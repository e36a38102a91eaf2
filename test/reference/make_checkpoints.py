"""Makes checkpoints/: one tiny BERT as transformers' classes store it, for test/models/exchange.test.ts.

    python make_checkpoints.py       # torch 2.15.0, transformers 5.23.0

Three classes, both file formats, three number formats. Weights come from hashed.py and are rounded to the number format; expected.json holds
the pooled vectors, and a classifier's logits, that transformers computes from the rounded weights in float32.
"""
import json
from pathlib import Path

import torch, transformers
from safetensors.torch import save_file

from hashed import weight

FOLDERS = [
    ("BertModel", "float16", "model.safetensors"), ("BertModel", "bfloat16", "pytorch_model.bin"),
    ("BertForPreTraining", "bfloat16", "model.safetensors"), ("BertForPreTraining", "float32", "pytorch_model.bin"),
    ("BertForSequenceClassification", "float32", "model.safetensors"), ("BertForSequenceClassification", "float16", "pytorch_model.bin"),
]
here = Path(__file__).parent / "checkpoints"
ids = torch.tensor([[2, 10, 13, 17, 3], [2, 7, 3, 0, 0]])
mask = (ids != 0).long()
types = torch.tensor([[0, 0, 0, 1, 1], [0] * 5])
expected = {"ids": ids.tolist(), "types": types.tolist(), "lengths": mask.sum(1).tolist(), "folders": {}}

for kind, dtype, file in FOLDERS:
    config = transformers.BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
                                     max_position_embeddings=8, num_labels=3, attn_implementation="eager")
    model = getattr(transformers, kind)(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            name = name if "." in name and name.startswith(("bert.", "cls.", "classifier.")) else f"bert.{name}"
            parameter.copy_(weight(name, tuple(parameter.shape)))
    state = {name: tensor.to(getattr(torch, dtype)) for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    folder = here / f"{kind}-{dtype}"
    folder.mkdir(parents=True, exist_ok=True)
    if file.endswith("bin"):
        torch.save(state, folder / file)
    else:  # a tied tensor is stored once, as save_pretrained does
        shared = [name for name in state if name.startswith("cls.predictions.decoder")]
        save_file({name: tensor for name, tensor in state.items() if name not in shared}, folder / file, metadata={"format": "pt"})
    model.config.architectures = [kind]
    model.config.to_json_file(folder / "config.json")
    inputs = dict(input_ids=ids, attention_mask=mask, token_type_ids=types)
    with torch.no_grad():
        encoder = model if kind == "BertModel" else model.bert
        outputs = {"pooled": encoder(**inputs).pooler_output.tolist()}
        if kind == "BertForSequenceClassification":
            outputs["logits"] = model(**inputs).logits.tolist()
    expected["folders"][folder.name] = outputs
(here / "expected.json").write_text(json.dumps(expected))
