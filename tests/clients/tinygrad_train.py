#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""tinygrad as it comes from PyPI, on its CUDA device: a product of matrices, and training.

Usage: tinygrad_train.py [--enable-cuda]

The option makes this process find the library by itself; without it, something that runs it must
have done so. Everything is computed in numpy too and must agree.
"""

import os
import sys

import numpy as np

if "--enable-cuda" in sys.argv:
    import ixrt

    ixrt.enable_cuda(backend="direct")

os.environ["DEV"] = "CUDA:PTX"

from tinygrad import Device, Tensor, TinyJit  # noqa: E402

STEPS, RATE = 12, 0.1
IMAGES, PIXELS, HIDDEN, CLASSES = 64, 32, 48, 10


def check_product(random):
    a, b = (random.standard_normal(shape, dtype=np.float32) for shape in [(65, 130), (130, 67)])
    np.testing.assert_allclose((Tensor(a) @ Tensor(b)).numpy(), a @ b, rtol=1e-4, atol=1e-4)
    half = (Tensor(a).half() @ Tensor(b).half()).numpy().astype(np.float32)
    np.testing.assert_allclose(half, a.astype(np.float16).astype(np.float32) @ b.astype(np.float16).astype(np.float32), rtol=2e-2, atol=5e-2)


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train_numpy(x, labels, w1, w2):
    """Losses, and the weights in the end."""
    losses, onehot = [], np.eye(CLASSES)[labels]
    for _ in range(STEPS):
        hidden = np.maximum(x @ w1, 0)
        p = softmax(hidden @ w2)
        losses.append(-np.log(p[np.arange(len(x)), labels]).mean())
        d = (p - onehot) / len(x)
        d1 = (d @ w2.T) * (hidden > 0)
        w1, w2 = w1 - RATE * (x.T @ d1), w2 - RATE * (hidden.T @ d)
    return losses, w1, w2


def train(x, labels, w1, w2, jit):
    """The same in tinygrad, whose JIT records the work of a step as a graph."""
    x, labels = Tensor(x), Tensor(labels.astype(np.int32))
    w1, w2 = (Tensor(w).realize() for w in (w1, w2))

    def step():
        loss = (x @ w1).relu().matmul(w2).sparse_categorical_crossentropy(labels)
        for w, gradient in zip((w1, w2), loss.gradient(w1, w2)):
            w.assign(w - RATE * gradient)
        return loss.realize(w1, w2)

    step = TinyJit(step) if jit else step
    return [step().item() for _ in range(STEPS)], w1.numpy(), w2.numpy()


def main():
    random = np.random.default_rng(5)
    check_product(random)
    print("products of matrices agree")
    x = random.standard_normal((IMAGES, PIXELS))
    labels = random.integers(0, CLASSES, IMAGES)
    w1 = random.standard_normal((PIXELS, HIDDEN)) / np.sqrt(PIXELS)
    w2 = random.standard_normal((HIDDEN, CLASSES)) / np.sqrt(HIDDEN)
    wanted = train_numpy(x, labels, w1, w2)
    for jit in (False, True):
        got = train(*(a.astype(np.float32) if a.dtype == np.float64 else a for a in (x, labels, w1, w2)), jit)
        for ours, numpys in zip(got, wanted):
            np.testing.assert_allclose(ours, numpys, rtol=1e-4, atol=1e-5)
        print(f"training {'with' if jit else 'without'} graphs agrees: loss {got[0][0]:.4f} to {got[0][-1]:.4f}")
    print(f"device {Device.DEFAULT}")


main()
