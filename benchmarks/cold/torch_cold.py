"""One step of the mlp row and nothing else; timed from the start of the process."""

import torch

torch.set_num_threads(1)
model = torch.nn.Sequential(
    torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
)
optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, foreach=True)
x, y = torch.full((64, 784), 0.5), torch.full((64,), 3)
loss = torch.nn.functional.cross_entropy(model(x), y)
loss.backward()
optimizer.step()
print("done" if loss.item() > 0 else f"loss {loss.item()}")
