"""Writes networks.jsonl and graphs.jsonl: derivatives of random programs as PyTorch computes them, in float64.

Inputs and projections are values of one formula, the same here and in values.ts, so the files hold only the programs
and what is compared. Run: python3 generate.py
"""
import json
import math
import random
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
HERE = Path(__file__).parent
NETWORKS, GRAPHS, HESSIANS = 200, 100, 40


def values(shape, seed):
    """sin(12.9898 (i + 1) + 78.233 seed) for the i-th element in row-major order."""
    n = math.prod(shape)
    flat = [math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(n)]
    return torch.tensor(flat).reshape(shape)


def number(x):
    return float(f"{float(x):.15g}")


def project(gradient, seed):
    """What is compared of a gradient: its products with two fixed vectors, and its norm."""
    along = [(gradient * values(tuple(gradient.shape), seed + k)).sum() for k in (0, 1)]
    return [number(x) for x in (*along, gradient.norm())]


def derivatives(f, inputs, second):
    """Loss, projected gradient and, if wanted, the projected product of the Hessian with a fixed direction."""
    leaves = [x.clone().requires_grad_(True) for x in inputs]
    loss = f(*leaves)
    gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, gradients)]
    if not all(bool(torch.isfinite(g).all()) for g in gradients):
        return None
    result = {"loss": number(loss), "gradient": [project(g, 1000 + 10 * i) for i, g in enumerate(gradients)]}
    if second:
        direction = tuple(values(tuple(x.shape), 2000 + i) for i, x in enumerate(inputs))
        _, products = torch.autograd.functional.hvp(f, tuple(inputs), direction)
        result["hvp"] = [project(h, 3000 + 10 * i) for i, h in enumerate(products)]
    return result


# --- networks ---------------------------------------------------------------------------------------------------

ACTIVATIONS = {
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": F.softplus,
    "elu": F.elu,
    "gelu": F.gelu,
    "softmax": lambda x: F.softmax(x, -1),
}


def network(spec):
    sizes, batch, seed = spec["sizes"], spec["batch"], spec["seed"]
    shapes = [s for i, o in zip(sizes, sizes[1:]) for s in ((i, o), (o,))]
    parameters = [values(s, seed + 1 + i) / math.sqrt(s[0]) for i, s in enumerate(shapes)]
    x = values((batch, sizes[0]), seed)
    wanted = values((batch, sizes[-1]), seed + 50)

    def loss(*p):
        h = x
        for layer in range(len(sizes) - 1):
            h = h @ p[2 * layer] + p[2 * layer + 1]
            if layer < len(sizes) - 2:
                h = ACTIVATIONS[spec["activations"][layer]](h)
        if spec["kind"] == "mse":
            return F.mse_loss(h, wanted)
        if spec["kind"] == "bce":
            return F.binary_cross_entropy_with_logits(h, (wanted > 0).double())
        return F.cross_entropy(h, wanted.argmax(-1))

    return loss, parameters


def networks():
    draw = random.Random(1)
    made = []
    while len(made) < NETWORKS:
        depth = draw.randint(0, 4)
        sizes = [draw.randint(1, 9) for _ in range(depth + 1)]
        kind = draw.choice(["mse", "bce", "ce"])
        sizes.append(draw.randint(2, 6) if kind == "ce" else draw.randint(1, 5))
        spec = {
            "sizes": sizes,
            "activations": [draw.choice(list(ACTIVATIONS)) for _ in range(depth)],
            "kind": kind,
            "batch": draw.randint(1, 7),
            "seed": 100 * len(made),
        }
        made.append({**spec, **derivatives(*network(spec), len(made) < HESSIANS)})
    return made


# --- graphs -----------------------------------------------------------------------------------------------------

UNARY = {
    "neg": torch.neg,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "log": lambda x: torch.log(x.abs() + 0.5),
    "log1p": lambda x: torch.log1p(x.abs()),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "erf": torch.erf,
    "sqrt": lambda x: torch.sqrt(x * x + 0.1),
    "sin": torch.sin,
    "cos": torch.cos,
    "square": torch.square,
    "abs": torch.abs,
    "relu": F.relu,
    "reciprocal": lambda x: torch.reciprocal(x * x + 1),
    "clip": lambda x: x.clamp(-0.7301, 0.8117),
    "scale": lambda x: x * -1.7 + 0.3,
    "softmax": lambda x: F.softmax(x, -1),
    "logSoftmax": lambda x: F.log_softmax(x, -1),
}
BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": lambda a, b: a / (b * b + 1),
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "pow": lambda a, b: (a.abs() + 0.5) ** b,
    "where": lambda a, b: torch.where(a > 0.1234, a * b, b),
}
REDUCE = {
    "sum": lambda x, a, k: x.sum(a, keepdim=k),
    "mean": lambda x, a, k: x.mean(a, keepdim=k),
    "max": lambda x, a, k: x.amax(a, keepdim=k),
    "min": lambda x, a, k: x.amin(a, keepdim=k),
    "product": lambda x, a, k: x.prod(a, keepdim=k),
    "variance": lambda x, a, k: x.var(a, unbiased=False, keepdim=k),
    "logSumExp": lambda x, a, k: x.logsumexp(a, keepdim=k),
}


def apply(op, get):
    name, *rest = op
    if name in UNARY:
        return UNARY[name](get(rest[0]))
    if name in BINARY:
        return BINARY[name](get(rest[0]), get(rest[1]))
    if name in REDUCE:
        return REDUCE[name](get(rest[0]), rest[1], rest[2])
    x = get(rest[0])
    if name == "matmul":
        return x @ get(rest[1])
    if name == "concatenate":
        return torch.cat([x, get(rest[1])], rest[2])
    if name == "stack":
        return torch.stack([x, get(rest[1])])
    if name == "reshape":
        return x.reshape(rest[1])
    if name == "transpose":
        return x.permute(rest[1])
    if name == "broadcastTo":
        return x.broadcast_to(rest[1])
    if name == "slice":
        index = [slice(None)] * x.dim()
        index[rest[1]] = slice(rest[2], rest[3], rest[4])
        return x[tuple(index)]
    if name == "pad":
        return F.pad(x, [n for pair in reversed(list(zip(rest[1], rest[2]))) for n in pair])
    if name == "flip":
        return x.flip(rest[1])
    if name == "gather":
        return x.index_select(rest[2], torch.tensor(rest[1]))
    if name == "scatterAdd":
        return x.index_add(0, torch.tensor(rest[2]), get(rest[1])[None].expand(len(rest[2]), *x.shape[1:]))
    if name == "cumsum":
        return x.flip(rest[1]).cumsum(rest[1]).flip(rest[1]) if rest[2] else x.cumsum(rest[1])
    if name == "sort":
        return x.sort(dim=rest[1], stable=True).values
    raise ValueError(name)


def random_op(draw, shapes):
    """One applicable operation on random earlier values, or None."""
    at = max(0, len(shapes) - 1 - int(draw.expovariate(0.4)))  # recent values, so that the graph gets deep
    shape = shapes[at]
    kind = draw.choice(["unary", "unary", "binary", "binary", "reduce", "matmul", "matmul", "move", "pick", "along"])
    if kind == "unary":
        name = draw.choice(list(UNARY))
        return None if "oftmax" in name and not shape else [name, at]
    if kind == "binary":
        fits = [i for i, s in enumerate(shapes) if broadcast(shape, s)]
        return [draw.choice(list(BINARY)), at, draw.choice(fits)]
    if not shape:
        return None
    axis = draw.randrange(len(shape))
    if kind == "reduce":
        return [draw.choice(list(REDUCE)), at, axis, draw.random() < 0.5]
    if kind == "matmul":
        fits = [i for i, s in enumerate(shapes) if len(shape) == 2 and len(s) == 2 and s[0] == shape[1]]
        return ["matmul", at, draw.choice(fits)] if fits else None
    if kind == "move":
        name = draw.choice(["reshape", "transpose", "broadcastTo", "flip", "stack"])
        if name == "reshape":
            n = math.prod(shape)
            rows = draw.choice([d for d in range(1, n + 1) if n % d == 0])
            return ["reshape", at, draw.choice([[n], [rows, n // rows]])]
        if name == "transpose":
            return ["transpose", at, draw.sample(range(len(shape)), len(shape))]
        if name == "broadcastTo":
            return ["broadcastTo", at, [2, *shape]] if len(shape) < 3 else None
        if name == "flip":
            return ["flip", at, axis]
        same = [i for i, s in enumerate(shapes) if s == shape]
        return ["stack", at, draw.choice(same)] if len(shape) < 3 else None
    if kind == "pick":
        name = draw.choice(["slice", "pad", "gather", "concatenate", "scatterAdd"])
        if name == "slice":
            start = draw.randrange(shape[axis])
            return ["slice", at, axis, start, draw.randint(start + 1, shape[axis]), draw.choice([1, 2])]
        if name == "pad":
            return ["pad", at, *([draw.randint(0, 1) for _ in shape] for _ in "ab")]
        if name == "gather":
            return ["gather", at, [draw.randrange(shape[axis]) for _ in range(draw.randint(1, 4))], axis]
        if name == "concatenate":
            fits = [i for i, s in enumerate(shapes) if len(s) == len(shape) and s[:axis] == shape[:axis] and s[axis + 1 :] == shape[axis + 1 :]]
            return ["concatenate", at, draw.choice(fits), axis]
        fits = [i for i, s in enumerate(shapes) if s == shape[1:]]
        return ["scatterAdd", at, draw.choice(fits), [draw.randrange(shape[0]) for _ in range(3)]] if fits else None
    return draw.choice([["cumsum", at, axis, draw.random() < 0.5], ["sort", at, axis]])


def broadcast(a, b):
    return all(m == n or m == 1 or n == 1 for m, n in zip(reversed(a), reversed(b)))


def graph(spec):
    def loss(*inputs):
        made = list(inputs)
        for op in spec["ops"]:
            made.append(apply(op, made.__getitem__))
        return sum((made[i] * values(tuple(made[i].shape), spec["seed"] + 70 + i)).sum() for i in spec["ends"])

    return loss, [values(tuple(s), spec["seed"] + i) for i, s in enumerate(spec["inputs"])]


def random_graph(draw, seed):
    inputs = [[draw.randint(2, 4) for _ in range(draw.choice([0, 1, 2, 2, 3]))] for _ in range(draw.randint(1, 3))]
    tensors = [values(tuple(s), seed + i) for i, s in enumerate(inputs)]
    ops = []
    length = draw.randint(8, 24)
    while len(ops) < length:
        op = random_op(draw, [list(t.shape) for t in tensors])
        if op is None:
            continue
        result = apply(op, tensors.__getitem__)
        if result.numel() > 64:
            continue
        ops.append(op)
        tensors.append(result)
        if result.abs().max() > 5:  # keep numbers, and with them the condition of the whole, in bounds
            ops.append(["tanh", len(tensors) - 1])
            tensors.append(torch.tanh(result))
    used = {i for op in ops for i in operands(op)}
    ends = [i for i in range(len(tensors)) if i not in used]
    return {"inputs": inputs, "ops": ops, "ends": ends, "seed": seed}


def operands(op):
    return op[1:3] if op[0] in BINARY or op[0] in ("matmul", "concatenate", "stack", "scatterAdd") else op[1:2]


def graphs():
    draw = random.Random(2)
    made = []
    while len(made) < GRAPHS:
        spec = random_graph(draw, 100 * len(made))
        found = derivatives(*graph(spec), len(made) < HESSIANS)
        if found is None or all(g[2] == 0 for g in found["gradient"]):
            continue
        if len(made) < HESSIANS:
            found["jvp"] = jvp(spec)
        made.append({**spec, **found})
    return made


def jvp(spec):
    """Projections of the tangents of all values that end the graph, each a tensor."""

    def ends(*inputs):
        made = list(inputs)
        for op in spec["ops"]:
            made.append(apply(op, made.__getitem__))
        return tuple(made[i] + 0 for i in spec["ends"])

    _, inputs = graph(spec)
    direction = tuple(values(tuple(x.shape), 2000 + i) for i, x in enumerate(inputs))
    _, tangents = torch.autograd.functional.jvp(ends, tuple(inputs), direction)
    return [project(t, 4000 + 10 * i) for i, t in enumerate(tangents)]


def write(name, cases):
    """JSON lines: where the numbers come from, then one case a line."""
    head = {"source": f"PyTorch {torch.__version__}, float64"}
    lines = [json.dumps(line, separators=(",", ":")) for line in (head, *cases)]
    (HERE / name).write_text("\n".join(lines) + "\n")


write("networks.jsonl", networks())
write("graphs.jsonl", graphs())
