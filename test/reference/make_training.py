"""Makes training.json: logits, gradients and 50 training steps of random BERTs in PyTorch and transformers, for test/train/equal.test.ts.

    python make_training.py    # torch 2.15.0, transformers 5.23.0 on a CPU, float32

Weights, texts and labels are not stored: both sides compute them with the same integer hash (hashed.py, hashed.ts). Of every
gradient the largest absolute value and SAMPLES elements are kept, at hashed places.
"""
import json
from pathlib import Path

import torch, transformers

from hashed import hashed, weight

STEPS, WARM_UP, RATE, BATCHES, SAMPLES = 50, 5, 2e-4, 6, 16
SIZES = {
    "4 x 128": dict(layers=4, hidden=128, heads=4, wide=512, vocabulary=300, positions=24, tokens=24, batch=8, classes=2),
    "12 x 48": dict(layers=12, hidden=48, heads=4, wide=192, vocabulary=100, positions=32, tokens=16, batch=6, classes=2),
    "3 x 96, odd": dict(layers=3, hidden=96, heads=6, wide=211, vocabulary=101, positions=37, tokens=19, batch=5, classes=3),
}


def batches(size):
    """Texts of different lengths; from a hashed place on, tokens are of the second segment."""
    B, T = size["batch"], size["tokens"]
    for i in range(BATCHES):
        numbers = lambda name, count: torch.tensor(hashed(f"{name} {i}", count))
        lengths = 3 + (numbers("length", B) * (T - 2)).long()
        place = torch.arange(T)[None]
        mask = (place < lengths[:, None]).long()
        ids = (4 + (numbers("id", B * T) * (size["vocabulary"] - 4)).long()).reshape(B, T) * mask
        types = (place >= (numbers("segment", B) * T).long()[:, None]).long() * mask
        yield dict(input_ids=ids, attention_mask=mask, token_type_ids=types, labels=(numbers("label", B) * size["classes"]).long())


def build(size):
    config = transformers.BertConfig(
        vocab_size=size["vocabulary"], hidden_size=size["hidden"], num_hidden_layers=size["layers"], num_attention_heads=size["heads"],
        intermediate_size=size["wide"], max_position_embeddings=size["positions"], num_labels=size["classes"],
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager")
    model = transformers.BertForSequenceClassification(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weight(name, tuple(parameter.shape)))
    return model


def trained(mode, name, layers):
    last = f"bert.encoder.layer.{layers - 1}."
    return mode == "all" or name.startswith("classifier") or mode == "last" and name.startswith((last, "bert.pooler."))


def fifty_steps(size, mode):
    model = build(size)
    return steps(size, model, {n: p for n, p in model.named_parameters() if trained(mode, n, size["layers"])})


def steps(size, model, free, data=None):
    """Losses and norms; `free` are the trained parameters by name."""
    data = data or list(batches(size))
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in free.values():
        parameter.requires_grad = True
    bare = lambda n: n.endswith("bias") or "norm" in n.lower()
    groups = [{"params": [p for n, p in free.items() if bare(n) == b], "weight_decay": 0.0 if b else 0.01} for b in (False, True)]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, WARM_UP, STEPS)
    losses, norms = [], []
    for step in range(STEPS):
        loss = model(**data[step % len(data)]).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(free.values(), 1.0).item())
        optimizer.step(), schedule.step(), optimizer.zero_grad()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def first_batch(size, model, named, batch=None):
    """Logits, and gradients of the `named` parameters."""
    result = model(**(batch or next(batches(size))))
    result.loss.backward()
    gradients = {}
    for name, parameter in named:
        flat = parameter.grad.flatten()
        places = (hashed(f"sample {name}", SAMPLES) * len(flat)).astype(int)
        gradients[name] = [flat.abs().max().item(), *flat[places].tolist()]
    return {"logits": result.logits.tolist(), "gradients": gradients}


def short(value):
    """Nine digits hold a float32."""
    if isinstance(value, dict):
        return {key: short(v) for key, v in value.items()}
    return [short(v) for v in value] if isinstance(value, list) else float(f"{value:.9g}")


def main():
    sizes = {}
    for name, size in SIZES.items():
        model = build(size)
        runs = {mode: fifty_steps(size, mode) for mode in ("all", "last", "fixed")}
        sizes[name] = {"size": size, **short({**first_batch(size, model, model.named_parameters()), "runs": runs})}
    result = {"made_with": f"torch {torch.__version__}, transformers {transformers.__version__}",
              "steps": STEPS, "warmUp": WARM_UP, "rate": RATE, "batches": BATCHES, "samples": SAMPLES, "sizes": sizes}
    (Path(__file__).parent / "training.json").write_text(json.dumps(result, separators=(",", ":")))


if __name__ == "__main__":
    main()
