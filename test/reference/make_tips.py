"""Makes tips.json: poolings, rates by layer and averages of weights in PyTorch and transformers, for test/train/equal.test.ts.

    python make_tips.py    # torch 2.15.0, transformers 5.24.0 on a CPU, float32

Of the BERT of four layers, the texts and the steps of make_training.py:
poolings  logits and gradients of the first batch with the mean of the last four layers, and with learnt weights (Yang et al. 2016)
rates     losses and norms of all steps with a rate for each layer and one for the head
averages  weights after all steps by torch.optim.swa_utils: exponential ones, and the mean after steps 30, 40 and 50
"""
import json
from pathlib import Path
from types import SimpleNamespace

import torch, transformers
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from hashed import hashed, weight
from make_training import RATE, SAMPLES, SIZES, STEPS, WARM_UP, batches, build, first_batch, short

NAME = "4 x 128"
SIZE = SIZES[NAME]
DECAY, HEAD, EMA, MEAN_OF = 0.8, 1e-3, 0.9, (30, 40, 50)
AVERAGED = ("classifier", "bert.pooler", "bert.encoder.layer.0.output", "bert.embeddings")


class Pooled:
    """The classifier with another pooling before the pooler's dense layer."""

    def __init__(self, pooling):
        self.model, self.pooling = build(SIZE), pooling
        if pooling == "attention":
            H = SIZE["hidden"]
            self.model.token_attention = torch.nn.ModuleDict({"map": torch.nn.Linear(H, H), "context": torch.nn.Linear(H, 1, bias=False)})
            with torch.no_grad():
                for name, parameter in self.model.token_attention.named_parameters():
                    parameter.copy_(weight(f"token_attention.{name}", tuple(parameter.shape)))

    def __call__(self, labels, attention_mask, **inputs):
        model = self.model
        hidden = model.bert(attention_mask=attention_mask, output_hidden_states=True, **inputs).hidden_states
        mask = attention_mask[..., None]
        if self.pooling == "last4":
            vector = (torch.stack(hidden[-4:]).mean(0) * mask).sum(1) / mask.sum(1)
        else:
            parts = model.token_attention
            scores = parts["context"](torch.tanh(parts["map"](hidden[-1])))
            vector = (torch.softmax(scores.masked_fill(mask == 0, -torch.inf), 1) * hidden[-1]).sum(1)
        logits = model.classifier(torch.tanh(model.bert.pooler.dense(vector)))
        return SimpleNamespace(logits=logits, loss=torch.nn.functional.cross_entropy(logits, labels))


def pooled(pooling):
    network = Pooled(pooling)
    return first_batch(SIZE, network, network.model.named_parameters())


def rate_of(name):
    """Sun et al. 2019: η ξ^(L - k) for layer k of L, the embeddings below the lowest."""
    if name.startswith("classifier"):
        return HEAD
    layers = SIZE["layers"]
    if name.startswith("bert.embeddings"):
        return RATE * DECAY**layers
    return RATE * DECAY ** (layers - 1 - int(name.split(".")[3])) if ".layer." in name else RATE


def steps(rates, after=lambda step, model: None):
    model, data = build(SIZE), list(batches(SIZE))
    bare = lambda n: n.endswith("bias") or "norm" in n.lower()
    groups = [{"params": [p], "lr": rates(n), "weight_decay": 0.0 if bare(n) else 0.01} for n, p in model.named_parameters()]
    optimizer = torch.optim.AdamW(groups)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, WARM_UP, STEPS)
    losses, norms = [], []
    for step in range(STEPS):
        loss = model(**data[step % len(data)]).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step(), schedule.step(), optimizer.zero_grad()
        losses.append(loss.item())
        after(step + 1, model)
    return {"losses": losses, "norms": norms}


def elements(averaged):
    """As gradients are kept: the largest absolute value, then elements at hashed places."""
    kept = {}
    for name, parameter in averaged.module.named_parameters():
        if name.startswith(AVERAGED):
            flat = parameter.detach().flatten()
            places = (hashed(f"sample {name}", SAMPLES) * len(flat)).astype(int)
            kept[name] = [flat.abs().max().item(), *flat[places].tolist()]
    return kept


def averages():
    start = build(SIZE)
    ema, mean = AveragedModel(start, multi_avg_fn=get_ema_multi_avg_fn(EMA)), AveragedModel(start)

    def after(step, model):
        ema.update_parameters(model)
        if step in MEAN_OF:
            mean.update_parameters(model)

    steps(lambda name: RATE, after)
    return {"ema": elements(ema), "mean": elements(mean)}


result = {"made_with": f"torch {torch.__version__}, transformers {transformers.__version__}", "of": NAME,
          "layerDecay": DECAY, "headLearningRate": HEAD, "emaDecay": EMA, "meanOf": MEAN_OF,
          **short({"poolings": {one: pooled(one) for one in ("last4", "attention")}, "rates": steps(rate_of), "averages": averages()})}
(Path(__file__).parent / "tips.json").write_text(json.dumps(result, separators=(",", ":")))
