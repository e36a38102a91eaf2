"""Numbers that Python and TypeScript compute alike from a name, so that reference weights need not be stored: hashed.ts is the same."""
import math

import numpy, torch


def hashed(name, count):
    """float64 numbers k / 2^24, 0 <= k < 2^24: FNV-1a of the name starts a counter, murmur3's finaliser mixes it."""
    start = 0x811C9DC5
    for byte in name.encode():
        start = (start ^ byte) * 0x01000193 % 2**32
    x = numpy.arange(count, dtype=numpy.uint64) + start & 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> 13
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> 16
    return (x >> 8) / 2**24


def weight(name, shape):
    """Within .1 around 0, normalisations' factors around 1, biases within .05: nothing is 0 or 1, so that a mistake shows."""
    x = 2 * hashed(name, math.prod(shape)) - 1
    values = 1 + 0.1 * x if name.endswith(("LayerNorm.weight", "norm.weight")) else (0.05 if name.endswith("bias") else 0.1) * x
    return torch.tensor(values.reshape(shape).astype(numpy.float32))
