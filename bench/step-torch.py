"""One training step of a classifier in PyTorch, as step.ts does it: dropout, clipping at 1, AdamW.

`cached`: the frozen part is computed once, by hand, as lib/train does by itself; else every step runs the whole network, as Trainer does.
"""
import torch
from freeze import frozen
from networks import classifier
from side import peak_memory, seconds_of, serve

BERT_BASE = dict(layers=12, hidden=768, heads=12, vocabulary=32000, batch=16, tokens=128, freeze="all", precision="float32", dropout=0.1, batches=4)


def build(o):
    torch.manual_seed(1)
    return frozen(classifier(o), o["freeze"], o["layers"]).train()


def tail(model, o, features):
    """Logits from cached features: [B, T, H] before the last layer, or [B, H] behind the pooler."""
    if o["freeze"] == "last":
        features = model.bert.pooler(model.bert.encoder.layer[-1](features))
    return model.classifier(model.dropout(features))


@torch.no_grad()
def cache(model, o, ids):
    model.eval()
    result = model.bert(ids, output_hidden_states=True)
    model.train()
    return result.hidden_states[-2] if o["freeze"] == "last" else result.pooler_output


def open(options):
    o = BERT_BASE | options
    model = build(o)
    data = []
    for _ in range(o["batches"]):
        ids = (o["vocabulary"] ** torch.rand(o["batch"], o["tokens"])).long().clamp(max=o["vocabulary"] - 1)
        data.append((ids, torch.ones_like(ids), torch.randint(2, (o["batch"],))))
    features = [cache(model, o, ids) for ids, _, _ in data] if o.get("cached") else None
    free = {n: p for n, p in model.named_parameters() if p.requires_grad}
    bare = lambda n: n.endswith("bias") or "norm" in n.lower()
    optimizer = torch.optim.AdamW([{"params": [p for n, p in free.items() if bare(n) == b], "weight_decay": 0.0 if b else 0.01} for b in (False, True)], lr=2e-5)
    count = 0

    def step():
        nonlocal count
        ids, mask, labels = data[count % len(data)]
        with torch.autocast("cpu", torch.bfloat16, enabled=o["precision"] == "bfloat16"):
            if features:
                loss = torch.nn.functional.cross_entropy(tail(model, o, features[count % len(data)]), labels)
            else:
                loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free.values(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        count += 1
        return loss.item()

    if o["measure"] == "memory":
        return lambda: ([step() for _ in range(3)], peak_memory())[1], None
    for _ in range(2):
        step()
    factor = 1000 if o["measure"] == "ms" else 1
    return lambda: factor * seconds_of(step, 0.5), None


serve(open, ["torch", "transformers"])
