"""PyTorch in eager mode with the optimizers' foreach form. Argument: the number of threads."""

import sys

import numpy as np
import torch
from torch.nn import functional as F

from serve import Unsupported, fingerprint, resident_bytes, serve

torch.set_num_threads(int(sys.argv[1]))
imported = resident_bytes()


class Net:
    def __init__(self, problem):
        self.problem = problem
        self.data = [
            (torch.from_numpy(x.copy()), torch.from_numpy(y.astype(np.int64 if y.dtype == np.int32 else y.dtype)))
            for x, y in problem["data"]
        ]
        self.start = self.tensors(problem["weights"])
        self.parameters = [t.clone().requires_grad_() for t in self.start]
        self.hidden = torch.relu if problem["hidden"] == "relu" else torch.tanh

    @staticmethod
    def tensors(pairs):
        """PyTorch's linear layers hold the weight as [out, in]."""
        return [torch.from_numpy(np.ascontiguousarray(part.T)) for pair in pairs for part in pair]

    def batch(self, i):
        return self.data[i % len(self.data)]

    def layers(self):
        return list(zip(self.parameters[::2], self.parameters[1::2]))

    def forward(self, x, keep=None):
        layers = self.layers()
        for i, (weight, bias) in enumerate(layers):
            if keep is not None:
                keep[0].append(x)
            x = F.linear(x, weight, bias)
            if keep is not None:
                keep[1].append(x)
            if i < len(layers) - 1:
                x = self.hidden(x)
            elif self.problem["output"] == "sigmoid":
                x = torch.sigmoid(x)
        return x

    def loss(self, prediction, y, reduction="mean"):
        f = F.cross_entropy if self.problem["loss"] == "crossEntropy" else F.mse_loss
        return f(prediction, y, reduction=reduction)


class Work:
    # A step is done when it returns, and reading its many numbers would take longer: a turn ends without that.
    done = False

    def __init__(self, problem):
        self.net = Net(problem)

    def restart(self):
        pass


class Train(Work):
    def __init__(self, problem):
        super().__init__(problem)
        self.restart()

    def restart(self):
        o, parameters = self.net.problem["optimizer"], self.net.parameters
        with torch.no_grad():
            for p, start in zip(parameters, self.net.start):
                p.copy_(start)
        if o["kind"] == "sgd":
            self.optimizer = torch.optim.SGD(parameters, o["learningRate"], momentum=o["momentum"], foreach=True)
        else:
            betas = (o["beta1"], o["beta2"])
            self.optimizer = torch.optim.Adam(parameters, o["learningRate"], betas, o["epsilon"], foreach=True)

    def step(self, i):
        x, y = self.net.batch(i)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.net.loss(self.net.forward(x), y)
        loss.backward()
        self.optimizer.step()
        return loss

    def read(self, loss):
        return [loss.item()]


class Infer(Work):
    def step(self, i):
        with torch.inference_mode():
            return self.net.forward(self.net.batch(i)[0]).numpy()

    def read(self, result):
        return result.ravel().tolist()


class Gradient(Work):
    done = True

    def step(self, i):
        x, y = self.net.batch(i)
        return torch.autograd.grad(self.net.loss(self.net.forward(x), y), self.net.parameters)

    def read(self, result):
        return fingerprint([t.numpy() for t in result])


class HessianVector(Gradient):
    def __init__(self, problem):
        super().__init__(problem)
        self.direction = Net.tensors(problem["direction"])

    def step(self, i):
        x, y = self.net.batch(i)
        loss = self.net.loss(self.net.forward(x), y)
        gradient = torch.autograd.grad(loss, self.net.parameters, create_graph=True)
        return torch.autograd.grad(gradient, self.net.parameters, self.direction)


class PerExample(Gradient):
    """
    Outer products of what enters a layer and the derivative by its pre-activation, as Opacus does it; quicker than
    functorch's vmap(grad(...)).
    """

    def step(self, i):
        x, y = self.net.batch(i)
        inputs, outputs = [], []
        loss = self.net.loss(self.net.forward(x, (inputs, outputs)), y, reduction="sum")
        deltas = torch.autograd.grad(loss, outputs)
        results = []
        for below, delta in zip(inputs, deltas):
            results += [torch.einsum("bo,bi->boi", delta, below.detach()), delta]
        return results


TASKS = {"train": Train, "infer": Infer, "gradient": Gradient, "hvp": HessianVector, "per-example": PerExample}


def build(problem, task):
    if task not in TASKS:
        raise Unsupported("measured for NumPy only")
    return TASKS[task](problem)


def product_rate():
    import time

    a = torch.rand(384, 384)
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - start)
    return 2 * 384**3 / best / 1e9


rate = product_rate()
note = f"products at {rate:.0f} GFLOP/s"
# On two threads a busy machine alone can make it slow.
if rate < 15 and sys.argv[1] == "1":
    note += ": no tuned BLAS, not a fair peer; Debian: apt-get install libopenblas0-pthread"
serve({"version": torch.__version__, "note": note}, build, imported)
