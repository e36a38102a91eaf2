"""Makes lstm.json: torch.nn.LSTM in both directions over packed sequences, pooled, with its gradients.   python make_lstm.py   # PyTorch 2.15"""
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
V, D, E, H, C = 12, 3, 4, 5, 3
ids = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 0, 0, 0], [8, 0, 0, 0, 0, 0], [7, 9, 3, 2, 0, 0]])
lengths, labels = torch.tensor([6, 3, 1, 4]), torch.tensor([0, 2, 1, 1])
fixed, trained = nn.Embedding(V, D), nn.Embedding(V, E)
lstm = nn.LSTM(D + E, H, bidirectional=True, batch_first=True)
head = nn.Linear(8 * H, C)
with torch.no_grad():
    lstm.bias_hh_l0.zero_()  # one bias is enough: the sum counts
    lstm.bias_hh_l0_reverse.zero_()
x = torch.cat([fixed(ids), trained(ids)], -1)
out, (last, _) = lstm(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
out, _ = pad_packed_sequence(out, batch_first=True)
there = (torch.arange(ids.shape[1])[None] < lengths[:, None])[..., None]
parts = [
    out[:, 0],
    torch.cat([last[0], last[1]], -1),
    out.masked_fill(~there, -torch.inf).max(1).values,
    (out * there).sum(1) / lengths[:, None],
]
logits = head(torch.cat(parts, -1))
loss = nn.functional.cross_entropy(logits, labels)
loss.backward()
names = {
    "embeddings.fixed": fixed.weight, "embeddings.trained": trained.weight,
    "lstm.forward.input": lstm.weight_ih_l0, "lstm.forward.hidden": lstm.weight_hh_l0, "lstm.forward.bias": lstm.bias_ih_l0,
    "lstm.backward.input": lstm.weight_ih_l0_reverse, "lstm.backward.hidden": lstm.weight_hh_l0_reverse, "lstm.backward.bias": lstm.bias_ih_l0_reverse,
    "classifier.weight": head.weight, "classifier.bias": head.bias,
}
numbers = lambda t: {"shape": list(t.shape), "data": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}
result = {
    "ids": ids.tolist(), "lengths": lengths.tolist(), "labels": labels.tolist(),
    "weights": {n: numbers(w) for n, w in names.items()}, "gradients": {n: numbers(w.grad) for n, w in names.items()},
    "logits": numbers(logits), "loss": loss.item(),
}
Path(__file__).with_name("lstm.json").write_text(json.dumps(result) + "\n")
