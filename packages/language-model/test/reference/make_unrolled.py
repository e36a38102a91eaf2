"""Makes unrolled.json: torch.nn.LSTMCell step by step over given sampled inputs, with its gradients.   python make_unrolled.py   # PyTorch 2.15"""
import json
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
V, E, H = 7, 4, 5
gold = torch.tensor([[3, 1, 4, 1, 5, 2], [2, 6, 5, 0, 3, 3], [6, 0, 1, 2, 2, 4]])  # B, T
following = torch.tensor([[1, 4, 1, 5, 2, 6], [6, 5, 0, 3, 3, 1], [0, 1, 2, 2, 4, 0]])
kept = torch.tensor([[1, 1, 0, 0, 1, 0], [1, 0, 0, 1, 1, 1], [1, 0, 0, 0, 0, 0]])
chance = torch.rand(3, 6)
embeddings, cell, output = nn.Embedding(V, E), nn.LSTMCell(E, H), nn.Linear(H, V)
with torch.no_grad():
    cell.bias_hh.zero_()  # one bias is enough: the sum counts
h, c = torch.zeros(3, H), torch.zeros(3, H)
read, losses, drawn = [], [], None
for t in range(gold.shape[1]):
    now = gold[:, t] if t == 0 else torch.where(kept[:, t] == 1, gold[:, t], drawn)
    h, c = cell(embeddings(now), (h, c))
    logits = output(h)
    losses.append(nn.functional.cross_entropy(logits, following[:, t], reduction="none"))
    read.append(now)
    if t + 1 < gold.shape[1]:  # what is drawn has no gradient
        sums = logits.detach().softmax(-1).cumsum(-1)
        drawn = (sums <= chance[:, t + 1, None]).sum(-1)
loss = torch.stack(losses).mean()
loss.backward()
names = {
    "embeddings": embeddings.weight,
    "lstm.input": cell.weight_ih, "lstm.hidden": cell.weight_hh, "lstm.bias": cell.bias_ih,
    "output.weight": output.weight, "output.bias": output.bias,
}
numbers = lambda t: {"shape": list(t.shape), "data": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}
result = {
    "gold": gold.tolist(), "next": following.tolist(), "kept": kept.tolist(), "chance": chance.tolist(),
    "read": torch.stack(read, 1).tolist(), "losses": torch.stack(losses, 1).tolist(), "loss": loss.item(),
    "weights": {n: numbers(w) for n, w in names.items()}, "gradients": {n: numbers(w.grad) for n, w in names.items()},
}
Path(__file__).with_name("unrolled.json").write_text(json.dumps(result) + "\n")
