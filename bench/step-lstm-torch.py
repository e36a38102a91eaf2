"""The step of step-lstm.ts in PyTorch: nn.LSTM in both directions, clipping at 1, AdamW."""
import torch
from side import seconds_of, serve

LSTM = dict(words=30000, tokens=24, hidden=400, embedding=50, vectors=200, batch=16, classes=9)


class Classifier(torch.nn.Module):
    def __init__(self, o):
        super().__init__()
        self.trained = torch.nn.Embedding(o["words"], o["embedding"])
        self.fixed = torch.nn.Embedding(o["words"], o["vectors"]).requires_grad_(False)
        self.lstm = torch.nn.LSTM(o["embedding"] + o["vectors"], o["hidden"], bidirectional=True, batch_first=True)
        self.classifier = torch.nn.Linear(8 * o["hidden"], o["classes"])
        self.hidden = o["hidden"]

    def forward(self, ids):
        states, _ = self.lstm(torch.cat([self.fixed(ids), self.trained(ids)], 2))
        forward, backward = states.split(self.hidden, 2)
        last = torch.cat([forward[:, -1], backward[:, 0]], 1)
        return self.classifier(torch.cat([states[:, 0], last, states.max(1).values, states.mean(1)], 1))


def open_side(options):
    o = LSTM | options
    torch.manual_seed(1)
    model = Classifier(o)
    data = [((o["words"] ** torch.rand(o["batch"], o["tokens"])).long().clamp(max=o["words"] - 1), torch.randint(o["classes"], (o["batch"],))) for _ in range(4)]
    free = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(free, lr=1e-3, weight_decay=0.01)
    count = 0

    def step():
        nonlocal count
        ids, labels = data[count % 4]
        loss = torch.nn.functional.cross_entropy(model(ids), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        count += 1
        return loss.item()

    for _ in range(2):
        step()
    return lambda: seconds_of(step, 1), None


serve(open_side, ["torch"])
