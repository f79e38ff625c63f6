"""One step of the mlp row and nothing else; timed from the start of the process."""

import numpy as np

layers, batch = [784, 128, 64, 10], 64
rng = np.random.default_rng(0)
weights = [rng.standard_normal((m, n), np.float32) / np.float32(m**0.5) for m, n in zip(layers, layers[1:])]
biases = [np.zeros(n, np.float32) for n in layers[1:]]
velocities = [np.zeros_like(p) for p in weights + biases]
x = np.full((batch, layers[0]), 0.5, np.float32)
y = np.full(batch, 3)

values = [x]
for i, (w, b) in enumerate(zip(weights, biases)):
    z = values[-1] @ w + b
    values.append(np.maximum(z, 0) if i < 2 else z)
z = values[-1] - values[-1].max(1, keepdims=True)
p = np.exp(z)
p /= p.sum(1, keepdims=True)
loss = -np.log(p[np.arange(batch), y]).mean()
p[np.arange(batch), y] -= 1
delta = p / batch
gradients = [None] * 6
for i in reversed(range(3)):
    gradients[i], gradients[3 + i] = values[i].T @ delta, delta.sum(0)
    if i > 0:
        delta = delta @ weights[i].T * (values[i] > 0)
for parameter, velocity, gradient in zip(weights + biases, velocities, gradients):
    velocity *= 0.9
    velocity += gradient
    parameter -= 0.01 * velocity
print("done" if loss > 0 else f"loss {loss}")
