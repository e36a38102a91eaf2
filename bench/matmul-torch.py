"""GFLOPS of the same product in PyTorch: see matmul.ts."""
import torch
from side import seconds_of, serve


def open(options):
    dtype = torch.float32 if options["precision"] == "float32" else torch.bfloat16
    a, b = torch.randn(2048, 768).to(dtype), torch.randn(768, 3072).to(dtype)
    a @ b
    return lambda: 2 * 2048 * 768 * 3072 / seconds_of(lambda: a @ b, 1) / 1e9, None


serve(open, ["torch"])
