"""Makes the reference numbers of test/models: tiny random BERTs in PyTorch and transformers, and files to be read.

    python make_bert.py        # torch 2.15.0, transformers 5.23.0 on a CPU, float32, seed 0; writes into ./bert

classifier/  BertForSequenceClassification, gelu (erf): weights, and expected.safetensors with inputs, hidden states, logits, loss,
             every gradient and the weights after one AdamW step (decay .01 but for bias and LayerNorm).
masked/      BertForMaskedLM, gelu_new, tied decoder: the same for the masked words' loss.
files/       the same five tensors in each format of a checkpoint, and pickles that must be refused.
"""
import os, pickle, struct
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

here = Path(__file__).parent / "bert"
shape = dict(vocab_size=40, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, max_position_embeddings=10,
             hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.3, attn_implementation="eager")
ids = torch.tensor([[2, 10, 33, 17, 39, 3, 0, 0], [2, 7, 7, 29, 3, 0, 0, 0], [2, 11, 12, 13, 14, 15, 16, 3]])
mask = (ids != 0).long()
types = torch.tensor([[0] * 8, [0] * 8, [0] * 4 + [1] * 4])


def shake(model):
    """Biases and LayerNorms that are not 0 and 1, so that a mistake in them shows."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)


def save(folder, model, expected, labels):
    out = here / folder
    os.makedirs(out, exist_ok=True)
    result = model(input_ids=ids, attention_mask=mask, token_type_ids=types, labels=labels, output_hidden_states=True)
    result.loss.backward()
    expected = {**expected, "loss": result.loss, "logits": result.logits, **{f"hidden.{i}": h for i, h in enumerate(result.hidden_states)}}
    expected |= {f"gradient.{name}": p.grad.clone() for name, p in model.named_parameters()}
    weights = {name: p.detach().clone() for name, p in model.named_parameters()}
    plain = [p for n, p in model.named_parameters() if n.endswith("bias") or "LayerNorm" in n]
    decayed = [p for n, p in model.named_parameters() if not (n.endswith("bias") or "LayerNorm" in n)]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.999), eps=1e-8).step()
    expected |= {f"after.{name}": p for name, p in model.named_parameters()}
    inputs = {"ids": ids, "mask": mask, "types": types}
    save_file({k: v.detach().contiguous() for k, v in {**inputs, **expected}.items()}, out / "expected.safetensors")
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    model.config.to_json_file(out / "config.json", use_diff=False)


torch.manual_seed(0)
labels = torch.tensor([0, 2, 1])
model = BertForSequenceClassification(BertConfig(**shape, hidden_act="gelu", num_labels=3))
shake(model)
save("classifier", model, {"labels": labels}, labels)

words = torch.full_like(ids, -100)
words[0, 2], words[0, 4], words[2, 5] = 33, 5, 15  # two words that were hidden and one that is right
model = BertForMaskedLM(BertConfig(**shape, hidden_act="gelu_new"))
shake(model)
save("masked", model, {"labels": words}, words)

files = here / "files"
os.makedirs(files, exist_ok=True)
values = torch.tensor([[1.5, -2.0, 65504.0], [0.0, 6.1e-5, -3e-8]])
tensors = {"f32": values, "f16": values.half(), "bf16": values.bfloat16(), "f64": values.double(), "i64": torch.tensor([3, -4])}
save_file(tensors, files / "types.safetensors")
grid = torch.arange(12, dtype=torch.float32).reshape(3, 4)
tensors |= {"turned": grid.t(), "part": grid[1:, 2:], "parameter": torch.nn.Parameter(torch.tensor([7.0]))}
torch.save(tensors, files / "zip.bin")
torch.save(tensors, files / "old.bin", _use_new_zipfile_serialization=False)


class Command:
    def __reduce__(self):
        return os.system, ("touch was-run",)


torch.save({"x": Command()}, files / "command.bin")
torch.save({"x": Command()}, files / "command-old.bin", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(1, 1), files / "module.bin")
