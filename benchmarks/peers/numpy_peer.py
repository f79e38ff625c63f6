"""
A training step by hand in NumPy: all buffers made beforehand, all parameters one vector. Argument: the number of
threads, which the environment sets.
"""

import sys

import numpy as np

from serve import Unsupported, fingerprint, product_rate, resident_bytes, serve, split

imported = resident_bytes()


class Net:
    """Forward and backward pass of a multilayer perceptron, with buffers of its own."""

    def __init__(self, problem):
        self.layers, self.batch = problem["layers"], problem["batch"]
        self.start = np.concatenate([part.ravel() for pair in problem["weights"] for part in pair])
        self.theta, self.gradient = self.start.copy(), np.empty_like(self.start)
        self.parameters, self.gradients = split(self.layers, self.theta), split(self.layers, self.gradient)
        self.relu = problem["hidden"] == "relu"
        self.sigmoid = problem["output"] == "sigmoid"
        self.classes = problem["loss"] == "crossEntropy"
        self.data = problem["data"]
        sizes = self.layers[1:]
        self.outputs = [np.empty((self.batch, n), np.float32) for n in sizes]
        self.deltas = [np.empty((self.batch, n), np.float32) for n in sizes]
        self.slopes = [np.empty((self.batch, n), np.float32) for n in sizes]
        self.row, self.rows = np.empty((self.batch, 1), np.float32), np.arange(self.batch)

    def forward(self, x):
        for i, (weight, bias) in enumerate(self.parameters):
            z = self.outputs[i]
            np.dot(x, weight, out=z)
            z += bias
            if i < len(self.parameters) - 1:
                np.maximum(z, 0, out=z) if self.relu else np.tanh(z, out=z)
            elif self.sigmoid:
                np.negative(z, out=z)
                np.exp(z, out=z)
                z += 1
                np.reciprocal(z, out=z)
            x = z
        return x

    def loss(self, y):
        """The loss; its derivative by the last pre-activation goes to the last of the deltas."""
        z, delta = self.outputs[-1], self.deltas[-1]
        if self.classes:
            np.max(z, axis=1, keepdims=True, out=self.row)
            np.subtract(z, self.row, out=delta)
            chosen = delta[self.rows, y]
            np.exp(delta, out=delta)
            np.sum(delta, axis=1, keepdims=True, out=self.row)
            loss = (np.log(self.row[:, 0]) - chosen).mean()
            delta /= self.row
            delta[self.rows, y] -= 1
            delta *= np.float32(1 / self.batch)
            return loss
        np.subtract(z, y, out=delta)
        loss = np.square(delta).mean()
        delta *= np.float32(2 / delta.size)
        if self.sigmoid:
            slope = self.slopes[-1]
            np.subtract(1, z, out=slope)
            slope *= z
            delta *= slope
        return loss

    def back(self, i):
        """From the delta of layer i to that of the layer below."""
        below, slope, z = self.deltas[i - 1], self.slopes[i - 1], self.outputs[i - 1]
        np.dot(self.deltas[i], self.parameters[i][0].T, out=below)
        if self.relu:
            np.greater(z, 0, out=slope)
        else:
            np.multiply(z, z, out=slope)
            np.subtract(1, slope, out=slope)
        below *= slope

    def value_and_gradient(self, x, y):
        self.forward(x)
        loss = self.loss(y)
        for i in reversed(range(len(self.parameters))):
            weight, bias = self.gradients[i]
            np.dot((self.outputs[i - 1] if i > 0 else x).T, self.deltas[i], out=weight)
            np.sum(self.deltas[i], axis=0, out=bias)
            if i > 0:
                self.back(i)
        return loss


class Work:
    # A step is done when it returns, and reading its many numbers would take longer: a turn ends without that.
    done = False

    def restart(self):
        pass


class Train(Work):
    def __init__(self, problem):
        self.net, self.optimizer = Net(problem), problem["optimizer"]
        self.first, self.second, self.scratch = (np.zeros_like(self.net.theta) for _ in range(3))
        self.restart()

    def restart(self):
        self.net.theta[:] = self.net.start
        self.first[:] = 0
        self.second[:] = 0
        self.power1 = self.power2 = 1.0

    def step(self, i):
        net = self.net
        loss = net.value_and_gradient(*net.data[i % len(net.data)])
        self.sgd() if self.optimizer["kind"] == "sgd" else self.adam()
        return loss

    def sgd(self):
        net, scratch = self.net, self.scratch
        direction = net.gradient
        if self.optimizer["momentum"] != 0:
            self.first *= np.float32(self.optimizer["momentum"])
            self.first += net.gradient
            direction = self.first
        np.multiply(direction, np.float32(self.optimizer["learningRate"]), out=scratch)
        net.theta -= scratch

    def adam(self):
        o, net, scratch = self.optimizer, self.net, self.scratch
        self.power1 *= o["beta1"]
        self.power2 *= o["beta2"]
        self.first *= np.float32(o["beta1"])
        np.multiply(net.gradient, np.float32(1 - o["beta1"]), out=scratch)
        self.first += scratch
        np.square(net.gradient, out=net.gradient)
        net.gradient *= np.float32(1 - o["beta2"])
        self.second *= np.float32(o["beta2"])
        self.second += net.gradient
        np.multiply(self.second, np.float32(1 / (1 - self.power2)), out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += np.float32(o["epsilon"])
        np.divide(self.first, scratch, out=scratch)
        scratch *= np.float32(o["learningRate"] / (1 - self.power1))
        net.theta -= scratch

    def read(self, loss):
        return [float(loss)]


class Infer(Work):
    def __init__(self, problem):
        self.net = Net(problem)

    def step(self, i):
        return self.net.forward(self.net.data[i % len(self.net.data)][0])

    def read(self, result):
        return result.ravel().tolist()


class Gradient(Work):
    done = True

    def __init__(self, problem):
        self.net = Net(problem)

    def step(self, i):
        self.net.value_and_gradient(*self.net.data[i % len(self.net.data)])
        return self.net.gradient

    def read(self, result):
        return fingerprint([result])


class PerExample(Work):
    """The gradient of each example: the outer product of what enters a layer and its delta."""

    done = True

    def __init__(self, problem):
        self.net = Net(problem)
        shapes = [(w.shape, b.shape) for w, b in self.net.parameters]
        self.results = [tuple(np.empty((self.net.batch, *s), np.float32) for s in pair) for pair in shapes]

    def step(self, i):
        net = self.net
        x, y = net.data[i % len(net.data)]
        net.forward(x)
        net.loss(y)
        # The loss is a mean; each example's own gradient is not.
        net.deltas[-1] *= np.float32(net.batch)
        for i in reversed(range(len(net.parameters))):
            weight, bias = self.results[i]
            below = net.outputs[i - 1] if i > 0 else x
            np.multiply(below[:, :, None], net.deltas[i][:, None, :], out=weight)
            bias[:] = net.deltas[i]
            if i > 0:
                net.back(i)
        return self.results

    def read(self, result):
        return fingerprint([part for pair in result for part in pair])


class Products(Work):
    """The matrix products of a training step and nothing else."""

    def __init__(self, problem):
        self.net = Net(problem)
        for array in self.net.outputs + self.net.deltas:
            array[:] = 0.5

    def step(self, i):
        net = self.net
        x = net.data[i % len(net.data)][0]
        inputs = [x, *net.outputs[:-1]]
        for below, (weight, _), z in zip(inputs, net.parameters, net.outputs):
            np.dot(below, weight, out=z)
        for i in reversed(range(len(net.parameters))):
            np.dot(inputs[i].T, net.deltas[i], out=net.gradients[i][0])
            if i > 0:
                np.dot(net.deltas[i], net.parameters[i][0].T, out=net.deltas[i - 1])

    def read(self, result):
        return []


TASKS = {
    "train": Train,
    "infer": Infer,
    "gradient": Gradient,
    "per-example": PerExample,
    "products": Products,
}


def build(problem, task):
    if task not in TASKS:
        raise Unsupported("written by hand for gradients only")
    return TASKS[task](problem)


rate = product_rate()
note = f"products at {rate:.0f} GFLOP/s"
# On two threads a busy machine alone can make it slow.
if rate < 15 and sys.argv[1] == "1":
    note += ": no tuned BLAS, not a fair peer; Debian: apt-get install libopenblas0-pthread"
serve({"version": np.__version__, "note": note}, build, imported)
