"""Makes adamw.json: ten steps of PyTorch's optimisers with given gradients, float32, for packages/tfjs-graph/test/adam.test.ts.

    python make_adamw.py       # torch 2.15.0 on a CPU

Each variant: the weights after the last step, and every gradient norm before clipping as torch.nn.utils.clip_grad_norm_ gives it.
PyTorch has no AdamW without bias correction: that variant is written out below in float64 (Google's BERT optimization.py, decay first).
"""
import json
from pathlib import Path

import torch

torch.manual_seed(0)
STEPS = 10
start = {"dense.weight": torch.randn(3, 4), "dense.bias": torch.randn(3)}
gradients = [{name: torch.randn_like(w) * (0.1 + step) for name, w in start.items()} for step in range(STEPS)]
rates = [0.02 * min(step / 3, (STEPS - step) / 7) for step in range(STEPS)]
DECAY, EPSILON = 0.1, 1e-6


def run(make, clip):
    weights = {name: torch.nn.Parameter(w.clone()) for name, w in start.items()}
    groups = [{"params": [weights["dense.weight"]], "weight_decay": DECAY}, {"params": [weights["dense.bias"]], "weight_decay": 0.0}]
    optimizer, norms = make(groups), []
    for gradient, rate in zip(gradients, rates):
        for name, w in weights.items():
            w.grad = gradient[name].clone()
        for group in optimizer.param_groups:
            group["lr"] = rate
        norms.append(torch.nn.utils.clip_grad_norm_(weights.values(), clip or float("inf")).item())
        optimizer.step()
    return {"weights": {name: w.flatten().tolist() for name, w in weights.items()}, "norms": norms}


def uncorrected():
    weights = {name: w.double() for name, w in start.items()}
    m = {name: torch.zeros_like(w) for name, w in weights.items()}
    v = {name: torch.zeros_like(w) for name, w in weights.items()}
    norms = []
    for gradient, rate in zip(gradients, rates):
        norms.append(sum(g.double().square().sum() for g in gradient.values()).sqrt().item())
        for name, w in weights.items():
            g = gradient[name].double()
            if name == "dense.weight":
                w -= rate * DECAY * w
            m[name] = 0.9 * m[name] + 0.1 * g
            v[name] = 0.999 * v[name] + 0.001 * g * g
            w -= rate * m[name] / (v[name].sqrt() + EPSILON)
    return {"weights": {name: w.flatten().tolist() for name, w in weights.items()}, "norms": norms}


result = {
    "made_with": f"torch {torch.__version__}",
    "decay": DECAY, "epsilon": EPSILON, "rates": rates,
    "start": {name: {"shape": list(w.shape), "data": w.flatten().tolist()} for name, w in start.items()},
    "gradients": [{name: g.flatten().tolist() for name, g in gradient.items()} for gradient in gradients],
    "variants": {
        "adamw": run(lambda groups: torch.optim.AdamW(groups, eps=EPSILON), 0),
        "adamw, clipped at 1": run(lambda groups: torch.optim.AdamW(groups, eps=EPSILON), 1.0),
        "adam": run(lambda groups: torch.optim.Adam(groups, eps=EPSILON), 0),
        "adamw without bias correction": uncorrected(),
    },
}
(Path(__file__).parent / "adamw.json").write_text(json.dumps(result))
