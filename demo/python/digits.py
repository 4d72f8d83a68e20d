#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Trains a two-layer perceptron on handwritten digits, all of it on an IX device.

Every kernel is a CUDA C++ source of its own in demo/kernels. The data goes to the device once; what
comes back are losses now and then, and at the end the number of held-out digits that the network
reads rightly. Seeds are fixed and no result depends on the order in which threads run, so the
accuracy is the same in every run, in the VM and without it.
"""

import argparse
import gzip
import pathlib
import sys
import time

import numpy as np

import ixrt

PIXELS, HIDDEN, CLASSES = 64, 64, 10
BATCH, EPOCHS, RATE, MOMENTUM = 128, 30, 0.2, 0.9
WANTED = 0.95
TILE = 16
FLOAT = 4  # bytes


def read_digits(path):
    """Images with pixels from 0 to 1, and labels."""
    with gzip.open(path, "rt") as file:
        rows = np.array([line.split(",") for line in file], dtype=np.float32)
    return rows[:, :PIXELS] / 16, rows[:, PIXELS].astype(np.int32)


class Kernels:
    """The kernels of a directory of PTX files, each by its name."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.functions = {}

    def __getattr__(self, name):
        if name not in self.functions:
            module = ixrt.Module.load(self.directory / f"{name}.ptx")
            self.functions[name] = module.function(name)
        return self.functions[name]

    def each(self, name, count, *arguments):
        """Launches one thread for each of `count` elements."""
        getattr(self, name)(-(-count // 128), min(128, -(-count // 32) * 32), *arguments)

    def matmul(self, form, a, b, c, m, n, k):
        """C = A B (form nn), A B^T (nt) or A^T B (tn); C is m x n, the sum runs over k."""
        grid = (-(-n // TILE), -(-m // TILE))
        getattr(self, f"matmul_{form}")(grid, (TILE, TILE), a, b, c, m, n, k)


class Network:
    """images -> hidden = max(images W1 + b1, 0) -> scores = hidden W2 + b2, with room for a batch."""

    def __init__(self, kernels, random, room):
        self.kernels = kernels
        shapes = {"w1": (PIXELS, HIDDEN), "b1": (HIDDEN,), "w2": (HIDDEN, CLASSES), "b2": (CLASSES,)}
        start, at = [], 0
        for name, shape in shapes.items():
            setattr(self, name, at)
            at += int(np.prod(shape)) * FLOAT
            # Uniform in the range that Glorot and Bengio give; biases start at 0.
            bound = np.sqrt(6 / sum(shape)) if len(shape) == 2 else 0
            start.append(random.uniform(-bound, bound, shape).astype(np.float32).ravel())
        start = np.concatenate(start)
        # Weights and biases lie one after another, so that one launch updates all.
        self.size = start.size
        self.weights = ixrt.to_device(start)
        self.velocity = ixrt.to_device(np.zeros_like(start))
        self.gradient = ixrt.to_device(np.zeros_like(start))
        self.hidden = ixrt.empty((room, HIDDEN), np.float32)
        self.hidden_gradient = ixrt.empty((room, HIDDEN), np.float32)
        self.scores = ixrt.empty((room, CLASSES), np.float32)
        self.scores_gradient = ixrt.empty((room, CLASSES), np.float32)

    def forward(self, images, rows):
        k, w = self.kernels, self.weights.ptr
        k.matmul("nn", images, w + self.w1, self.hidden, rows, HIDDEN, PIXELS)
        k.each("bias_relu", rows * HIDDEN, self.hidden, w + self.b1, rows, HIDDEN)
        k.matmul("nn", self.hidden, w + self.w2, self.scores, rows, CLASSES, HIDDEN)
        k.each("bias_add", rows * CLASSES, self.scores, w + self.b2, rows, CLASSES)

    def step(self, images, labels, rows, losses):
        """One step of gradient descent on a batch; the loss of each row goes to `losses`."""
        k, w, g = self.kernels, self.weights.ptr, self.gradient.ptr
        self.forward(images, rows)
        k.each("softmax_loss", rows, self.scores, labels, self.scores_gradient, losses, rows, CLASSES)
        k.matmul("tn", self.hidden, self.scores_gradient, g + self.w2, HIDDEN, CLASSES, rows)
        k.each("column_sum", CLASSES, self.scores_gradient, g + self.b2, rows, CLASSES)
        k.matmul("nt", self.scores_gradient, w + self.w2, self.hidden_gradient, rows, HIDDEN, CLASSES)
        k.each("relu_gradient", rows * HIDDEN, self.hidden_gradient, self.hidden, rows * HIDDEN)
        k.matmul("tn", images, self.hidden_gradient, g + self.w1, PIXELS, HIDDEN, rows)
        k.each("column_sum", HIDDEN, self.hidden_gradient, g + self.b1, rows, HIDDEN)
        k.each("sgd_momentum", self.size, self.weights, self.velocity, self.gradient, RATE, MOMENTUM, self.size)

    def correct(self, images, labels, rows):
        """How many of the images the network reads rightly."""
        count = ixrt.to_device(np.zeros(1, np.uint32))
        self.forward(images, rows)
        self.kernels.each("count_correct", rows, self.scores, labels, rows, CLASSES, count)
        return int(count.numpy()[0])


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ptx", help="directory of the compiled kernels")
    parser.add_argument("--data", default=here.parent / "data/digits.csv.gz", help="the digits")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()

    images, labels = read_digits(options.data)
    random = np.random.RandomState(0)
    order = random.permutation(len(images))
    held_out, training = np.split(order, [len(order) // 5])
    steps = len(training) // BATCH
    batches = np.concatenate([random.permutation(training)[: steps * BATCH] for _ in range(options.epochs)])

    device = ixrt.Device(0)
    print(f"device 0: {device.name}, {device.multiprocessor_count} SMs, backend {ixrt.backend()}")
    print(f"{len(training)} digits to learn, {len(held_out)} held out; {PIXELS}-{HIDDEN}-{CLASSES}, batches of {BATCH}")
    network = Network(Kernels(options.ptx), random, max(BATCH, len(held_out)))
    all_images, all_labels = ixrt.to_device(images), ixrt.to_device(labels)
    index = ixrt.to_device(batches.astype(np.int32))
    batch = ixrt.empty((BATCH, PIXELS), np.float32)
    batch_labels = ixrt.empty((BATCH,), np.int32)
    losses = ixrt.empty((steps, BATCH), np.float32)

    started = time.monotonic()
    for epoch in range(options.epochs):
        for step in range(steps):
            rows = index.ptr + (epoch * steps + step) * BATCH * 4
            network.kernels.each("gather_batch", BATCH * PIXELS, all_images, all_labels, rows, BATCH, PIXELS, batch, batch_labels)
            network.step(batch, batch_labels, BATCH, losses.ptr + step * BATCH * FLOAT)
        if epoch == 0 or (epoch + 1) % 5 == 0:
            loss = losses.numpy().mean(dtype=np.float64)
            print(f"epoch {epoch + 1:3}  mean loss {loss:.4f}  {time.monotonic() - started:5.1f} s", flush=True)

    correct = network.correct(ixrt.to_device(images[held_out]), ixrt.to_device(labels[held_out]), len(held_out))
    accuracy = correct / len(held_out)
    print(f"accuracy {100 * accuracy:.2f} % ({correct} of {len(held_out)} held-out digits)")
    if accuracy < WANTED:
        print(f"digits.py: less than {100 * WANTED:.0f} %", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
