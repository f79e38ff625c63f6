"""The protocol for contenders written in Python; the twin of serve.ts, which says what it is."""

import json
import os
import resource
import sys
import time

import numpy as np


class Unsupported(Exception):
    pass


def resident_bytes():
    """Resident memory; 0 where the system does not tell it in this way."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def peak_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def load(problem):
    """The problem with its numbers: lists of (weight, bias), and one (x, y) for each batch."""
    layers, batch = problem["layers"], problem["batch"]
    flat = np.fromfile(problem["files"]["weights"], np.float32)
    x = np.fromfile(problem["files"]["inputs"], np.float32).reshape(problem["batches"], batch, layers[0])
    classes = problem["loss"] == "crossEntropy"
    y = np.fromfile(problem["files"]["targets"], np.int32 if classes else np.float32)
    y = y.reshape((problem["batches"], batch) if classes else (problem["batches"], batch, layers[-1]))
    return {
        **problem,
        "weights": split(layers, flat),
        "direction": split(layers, flat[::-1].copy()),
        "data": [(x[i], y[i]) for i in range(problem["batches"])],
    }


def split(layers, flat):
    at, parts = 0, []
    for inputs, outputs in zip(layers, layers[1:]):
        weight = flat[at : at + inputs * outputs].reshape(inputs, outputs)
        at += inputs * outputs
        parts.append((weight, flat[at : at + outputs]))
        at += outputs
    return parts


def fingerprint(arrays):
    squares = sum(float(np.square(a, dtype=np.float64).sum()) for a in arrays)
    norm = squares**0.5
    return [norm, sum(float(a.sum(dtype=np.float64)) for a in arrays) / norm]


def product_rate():
    """GFLOP/s of a product of 384 x 384 matrices: tells a tuned BLAS from a plain one."""
    a = np.random.default_rng(0).random((384, 384), np.float32)
    best = min(timed(lambda: a @ a) for _ in range(5))
    return 2 * 384**3 / best / 1e9


def timed(f):
    start = time.perf_counter()
    f()
    return time.perf_counter() - start


def answer(reply):
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def serve(hello, build, imported):
    works = {}
    answer(hello)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer({"id": request["id"], **handle(request, works, build, imported)})
        except Unsupported as reason:
            answer({"id": request["id"], "unsupported": str(reason)})
        except Exception as error:  # the bench prints it
            answer({"id": request["id"], "error": repr(error)})


def handle(request, works, build, imported):
    task, steps = request.get("task", "train"), request.get("steps", 1)
    if request["do"] == "prepare":
        works[request["work"]] = build(load(request["problem"]), task)
        return {}
    if request["do"] == "forget":
        works.clear()
        return {}
    if request["do"] == "first":
        data = load(request["problem"])
        start = time.perf_counter_ns()
        work = build(data, task)
        work.read(work.step(0))
        return {"ns": time.perf_counter_ns() - start}
    work = works[request["work"]]
    if request["do"] == "check":
        return {"values": check(work, steps, request["limitMs"])}
    if request["do"] == "run":
        return {"ns": run(work, steps)}
    samples = []
    for i in range(steps):
        work.step(i)
        if (i + 1) % max(1, steps // 40) == 0:
            samples.append(resident_bytes())
    return {"importedBytes": imported, "samples": samples, "peakBytes": peak_bytes()}


def check(work, steps, limit_ms):
    work.restart()
    values, start = [], time.perf_counter()
    for i in range(steps):
        values.append(work.read(work.step(i)))
        if (time.perf_counter() - start) * 1e3 >= limit_ms:
            break
    return values


def run(work, steps):
    work.restart()
    step, result = work.step, None
    start = time.perf_counter_ns()
    for i in range(steps):
        result = step(i)
    if not work.done:
        work.read(result)
    return time.perf_counter_ns() - start
