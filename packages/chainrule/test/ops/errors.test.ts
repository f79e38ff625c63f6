/** Every error message of the operations: what it says, of which class it is, and the user's line. */
import { describe, expect, it } from "vitest";
import {
  arange,
  ChainruleError,
  concatenate,
  cond,
  constant,
  customVjp,
  DTypeError,
  eye,
  full,
  grad,
  jvp,
  ones,
  pad,
  primitive,
  random,
  ShapeError,
  scan,
  splitAxis,
  stack,
  type Tensor,
  TraceError,
  tensor,
  vmap,
  where,
  whileLoop,
  zeros,
} from "../../src/index.ts";
import { Box, withScope } from "../../src/graph/index.ts";
import { register } from "../../src/ops/registry.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { messageOf } from "./evaluate.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const v = tensor([1, 2, 3]);
const ints = tensor([1, 2], { dtype: "int32" });
const bools = tensor([true, false]);
const scalar = tensor(1);
const truth = tensor(true);

type Thrown = typeof ShapeError | typeof DTypeError | typeof TraceError | typeof RangeError;

/** The first line of the message is `text`; the last one names this file. */
function expectError(f: () => unknown, kind: Thrown, text: string): void {
  expect(f).toThrow(kind as new () => Error);
  const lines = messageOf(f).split("\n");
  expect(lines[0]).toBe(text);
  expect(lines.at(-1)).toMatch(/^ {2}at: .*test\/ops\/errors\.test\.ts:\d+:\d+$/);
}

const table = (rows: [string, () => unknown, Thrown, string][]) =>
  it.each(rows)("%s", (_, f, kind, text) => expectError(f, kind, text));

describe("shapes", () => {
  table([
    [
      "broadcasting",
      () => x.add(tensor([1, 2])),
      ShapeError,
      "add: shapes [2, 3] (left) and [2] (right) do not broadcast: counted from the last, each pair of dimensions must be equal or one of them 1.",
    ],
    ["broadcastTo", () => v.broadcastTo([3, 2]), ShapeError, "broadcast: shape [3] cannot be repeated to [3, 2]."],
    ["broadcastTo less", () => x.broadcastTo([3]), ShapeError, "broadcast: shape [2, 3] cannot be repeated to [3]."],
    [
      "where",
      () => where(bools, x, 0),
      ShapeError,
      "where: shapes [2] (left) and [2, 3] (right) do not broadcast: counted from the last, each pair of dimensions must be equal or one of them 1.",
    ],
    [
      "matmul",
      () => x.matmul(x),
      ShapeError,
      "matmul: [m=2, k=3] · [k=2, n=3] does not fit: the last dimension of the left factor (3) must equal the second to last of the right one (2).",
    ],
    [
      "matmul, vector",
      () => x.matmul(tensor([1, 2])),
      ShapeError,
      "matmul: [m=2, k=3] · [k=2] does not fit: the last dimension of the left factor (3) must equal the only of the right one (2).",
    ],
    [
      "matmul, batches",
      () => zeros([2, 2, 3]).matmul(zeros([4, 3, 1])),
      ShapeError,
      "matmul: [batch=2, m=2, k=3] · [batch=4, k=3, n=1] does not fit: the leading dimensions [2] and [4] do not broadcast.",
    ],
    [
      "matmul, scalar",
      () => x.matmul(scalar),
      ShapeError,
      "matmul: takes vectors and matrices, not scalars; use mul to scale a tensor by a number.",
    ],
    ["reshape", () => x.reshape([4]), ShapeError, "reshape: [2, 3] has 6 elements and [4] has 4."],
    [
      "reshape, −1",
      () => x.reshape([-1, 4]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, 4] hold the 6 elements of [2, 3].",
    ],
    [
      "reshape, two −1",
      () => x.reshape([-1, -1]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, -1] hold the 6 elements of [2, 3].",
    ],
    [
      "reshape, −1 of nothing",
      () => zeros([0]).reshape([-1, 0]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, 0] hold the 0 elements of [0].",
    ],
    [
      "reshape, fraction",
      () => x.reshape([1.5, 4]),
      ShapeError,
      "reshape: [1.5, 4] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "negative extents",
      () => zeros([2, -1]),
      ShapeError,
      "broadcast: [2, -1] is not a shape: every extent must be an integer of at least 0.",
    ],
    ["eye", () => eye(-1), ShapeError, "iota: [-1, -1] is not a shape: every extent must be an integer of at least 0."],
    [
      "oneHot",
      () => ints.oneHot(2.5),
      ShapeError,
      "iota: [2.5] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "transpose",
      () => x.transpose([0, 0]),
      ShapeError,
      "transpose: [0, 0] is not a permutation of the axes of [2, 3].",
    ],
    [
      "transpose, too few",
      () => x.transpose([1]),
      ShapeError,
      "transpose: [1] is not a permutation of the axes of [2, 3].",
    ],
    [
      "concatenate",
      () => concatenate([x, v.reshape([1, 3])], 1),
      ShapeError,
      "concatenate: shapes [2, 3] and [1, 3] differ outside of axis 1.",
    ],
    [
      "concatenate, ranks",
      () => concatenate([x, v]),
      ShapeError,
      "concatenate: shapes [2, 3] and [3] differ outside of axis 0.",
    ],
    ["concatenate, none", () => concatenate([]), ShapeError, "concatenate: needs at least one tensor."],
    ["stack", () => stack([x, v]), ShapeError, "stack: shapes [2, 3] and [3] differ."],
    ["stack, none", () => stack([]), ShapeError, "stack: needs at least one tensor."],
    [
      "splitAxis",
      () => splitAxis(x, [1, 1], 1),
      ShapeError,
      "splitAxis: pieces of 1, 1 do not add up to axis 1 of shape [2, 3].",
    ],
    ["pad", () => pad(x, [1], [0, 0]), ShapeError, "pad: needs one non-negative integer for each of the 2 dimensions."],
    [
      "pad, negative",
      () => pad(v, [-1], [0]),
      ShapeError,
      "pad: needs one non-negative integer for each of the 1 dimensions.",
    ],
    [
      "slice, step",
      () => v.slice(0, 0, 3, -1),
      ShapeError,
      "slice: the step must be a positive integer, not -1; use flip(axis) to reverse.",
    ],
    ["slice, start", () => v.slice(0, 0.5), ShapeError, "slice: the start must be an integer, not 0.5."],
    ["slice, stop", () => v.slice(0, 0, Number.NaN), ShapeError, "slice: the stop must be an integer, not NaN."],
    [
      "gather from nothing",
      () => zeros([0]).gather(ints),
      ShapeError,
      "gather: axis 0 of shape [0] has no elements to take.",
    ],
    [
      "takeAlongAxis",
      () => x.takeAlongAxis(ints),
      ShapeError,
      "takeAlongAxis: indices of shape [2] must have the shape [2, 3] but for axis 1.",
    ],
    [
      "scatterAdd",
      () => x.scatterAdd(ints, x, 1),
      ShapeError,
      "scatterAdd: updates have shape [2, 3], but these indices take [2, 2].",
    ],
    [
      "max of nothing",
      () => zeros([2, 0]).max(1),
      ShapeError,
      "max: shape [2, 0] has no elements along the reduced axes, so there is no max.",
    ],
    ["argmax of nothing", () => zeros([0]).argmax(), ShapeError, "argmax: axis 0 has no elements."],
    [
      "random",
      () => random.uniform(random.key(0), [-2]),
      ShapeError,
      "random: [-2] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "a key",
      () => random.uniform(tensor([1, 2, 3], { dtype: "int32" }), [2]),
      ShapeError,
      "randomBits: a key has shape [2], not [3]; make one with random.key(seed).",
    ],
  ]);

  // What the methods make sure of before they apply a primitive, its own rule checks as well.
  table([
    ["elementwise", () => primitive("add").infer([x, v], {}), ShapeError, "add: shapes [2, 3] and [3] differ."],
    ["select", () => primitive("select").infer([bools, v, v], {}), ShapeError, "where: shapes [2], [3], [3] differ."],
    [
      "slice",
      () => primitive("slice").infer([v], { start: [1], size: [3], step: [1] }),
      ShapeError,
      "slice: positions 1 to 3 of axis 0 are outside of shape [3].",
    ],
    [
      "gather",
      () => primitive("gather").infer([x, zeros([3, 1], "int32")], { axis: 1, batch: 1 }),
      ShapeError,
      "gather: the leading dimensions of [2, 3] and of the indices [3, 1] differ.",
    ],
    [
      "matmul",
      () => primitive("matmul").infer([zeros([2, 1, 3]), zeros([1, 3, 1])], {}),
      ShapeError,
      "matmul: [batch=2, m=1, k=3] · [batch=1, k=3, n=1] does not fit: the leading dimensions [2] and [1] do not broadcast.",
    ],
  ]);
});

describe("axes", () => {
  const rows: [string, (axis: number) => unknown][] = [
    ["sum", (axis) => x.sum(axis)],
    ["mean", (axis) => x.mean([axis])],
    ["variance", (axis) => x.variance(axis)],
    ["logSumExp", (axis) => x.logSumExp(axis)],
    ["softmax", (axis) => x.softmax(axis)],
    ["logSoftmax", (axis) => x.logSoftmax(axis)],
    ["max", (axis) => x.max(axis)],
    ["argmax", (axis) => x.argmax(axis)],
    ["argsort", (axis) => x.sort(axis)],
    ["cumsum", (axis) => x.cumsum(axis)],
    ["flip", (axis) => x.flip(axis)],
    ["slice", (axis) => x.slice(axis, 0)],
    ["splitAxis", (axis) => splitAxis(x, [2], axis)],
    ["gather", (axis) => x.gather(ints, axis)],
    ["takeAlongAxis", (axis) => x.takeAlongAxis(ints, axis)],
    ["scatterAdd", (axis) => x.scatterAdd(ints, x, axis)],
    ["concatenate", (axis) => concatenate([x], axis)],
    ["transpose", (axis) => x.transpose([axis, 0])],
    ["moveAxis", (axis) => x.moveAxis(0, axis)],
  ];
  it.each(rows)("%s names the axis, the shape and what is valid", (name, f) => {
    for (const axis of [2, -3, 0.5]) {
      expectError(
        () => f(axis),
        ShapeError,
        `${name}: axis ${axis} is out of range for shape [2, 3]; axes go from -2 to 1.`,
      );
    }
  });

  table([
    [
      "of a scalar",
      () => scalar.sum(0),
      ShapeError,
      "sum: axis 0 is out of range for shape []; it is a scalar and has no axis.",
    ],
    ["given twice", () => x.sum([0, -2]), ShapeError, "sum: an axis is given twice in [0, 0]."],
    [
      "expandDims",
      () => v.expandDims(2),
      ShapeError,
      "expandDims: axis 2 is out of range for shape [3, 1]; axes go from -2 to 1.",
    ],
  ]);
});

describe("dtypes", () => {
  const floats: [string, (t: Tensor) => unknown][] = [
    ["exp", (t) => t.exp()],
    ["div", (t) => t.div(t)],
    ["mean", (t) => t.mean()],
    ["variance", (t) => t.variance()],
    ["softmax", (t) => t.softmax()],
    ["logSoftmax", (t) => t.logSoftmax()],
    ["logSumExp", (t) => t.logSumExp()],
    ["mulz", (t) => t.mulz(t)],
    ["floor", (t) => t.floor()],
  ];
  it.each(floats)("%s takes floats", (name, f) => {
    expectError(
      () => f(ints),
      DTypeError,
      `${name}: got int32, but it takes float32 or float64. Convert with .cast("float32").`,
    );
  });

  const numbers: [string, (t: Tensor) => unknown][] = [
    ["add", (t) => t.add(t)],
    ["less", (t) => t.less(t)],
    ["sum", (t) => t.sum()],
    ["matmul", (t) => t.matmul(t)],
    ["argmax", (t) => t.argmax()],
    ["argsort", (t) => t.argsort()],
    ["cumsum", (t) => t.cumsum()],
    ["scatterAdd", (t) => t.scatterAdd(ints, t)],
  ];
  it.each(numbers)("%s takes numbers", (name, f) => {
    expectError(
      () => f(bools),
      DTypeError,
      `${name}: got bool, but it takes numbers. Convert with .cast("float32") or .cast("int32").`,
    );
  });

  const booleans: [string, (t: Tensor) => unknown][] = [
    ["and", (t) => t.and(t)],
    ["not", (t) => t.not()],
    ["where", (t) => where(t, t, t)],
    ["all", (t) => t.all()],
    ["any", (t) => t.any()],
  ];
  it.each(booleans)("%s takes booleans", (name, f) => {
    expectError(
      () => f(v),
      DTypeError,
      `${name}: got float32, but it takes booleans. Make one with a comparison, such as x.greater(0).`,
    );
  });

  const double = tensor([1, 2, 3], { dtype: "float64" });
  table([
    [
      "different",
      () => v.add(double),
      DTypeError,
      'add: the inputs have different dtypes, float32 and float64. Convert one of them with .cast("float32").',
    ],
    [
      "concatenate",
      () => concatenate([v, double]),
      DTypeError,
      'concatenate: the inputs have different dtypes, float32 and float64. Convert one of them with .cast("float32").',
    ],
    [
      "where",
      () => where(v.less(0), v, double),
      DTypeError,
      'where: the inputs have different dtypes, float32 and float64. Convert one of them with .cast("float32").',
    ],
    [
      "a fraction beside int32",
      () => ints.mul(0.5),
      DTypeError,
      'mul: the number 0.5 does not go with an int32 tensor. Convert the tensor with .cast("float32").',
    ],
    [
      "a number beside bool",
      () => bools.and(1),
      DTypeError,
      'and: the number 1 does not go with a bool tensor. Convert the tensor with .cast("float32").',
    ],
    ["indices", () => v.gather(v), DTypeError, 'gather: indices are float32, not int32. Convert with .cast("int32").'],
    [
      "oneHot",
      () => v.oneHot(3),
      DTypeError,
      'oneHot: takes int32 class numbers, not float32. Convert with .cast("int32").',
    ],
    ["shiftRight", () => v.shiftRight(1), DTypeError, "shiftRight: takes int32, not float32."],
    [
      "shiftRight, count",
      () => ints.shiftRight(32),
      RangeError,
      "shiftRight: the count must be an integer from 0 to 31, not 32.",
    ],
    [
      "cast",
      () => v.cast("float16" as DType),
      DTypeError,
      'cast: unknown dtype "float16"; there are float32, float64, int32, bool.',
    ],
    [
      "full",
      () => ones([2], "half" as DType),
      DTypeError,
      'constant: unknown dtype "half"; there are float32, float64, int32, bool.',
    ],
    ["constant", () => constant(2.5, "int32"), DTypeError, "constant: 2.5 is not a number of int32."],
    [
      "constant, too large",
      () => full([2], 2 ** 31, "int32"),
      DTypeError,
      "constant: 2147483648 is not a number of int32.",
    ],
    ["constant, bool", () => full([2], 2, "bool"), DTypeError, "constant: 2 is not a number of bool."],
    ["arange", () => arange(0.5, 3), DTypeError, "constant: 0.5 is not a number of int32."],
    [
      "a key",
      () => random.normal(v, [2]),
      DTypeError,
      "randomBits: the key is float32; make one with random.key(seed).",
    ],
    [
      "foldIn",
      () => random.foldIn(random.key(0), 0.5),
      RangeError,
      "random.foldIn: takes an integer of 32 bits, not 0.5.",
    ],
    [
      "uniform",
      () => random.uniform(random.key(0), [2], { low: 1, high: 1 }),
      RangeError,
      "random.uniform: low must be less than high, and both finite; they are 1 and 1.",
    ],
  ]);

  it("a seed must be an integer", () => {
    expect(() => random.key(0.5)).toThrow(new RangeError("random.key: the seed must be an integer, not 0.5."));
  });
});

describe("control flow", () => {
  /** Under a transform, where both branches are traced. */
  const traced = (f: (t: Tensor) => Tensor) => () => jvp(f, [v], [v]);
  const box = new Box(v);

  table([
    [
      "cond, predicate",
      () =>
        cond(
          scalar,
          () => v,
          () => v,
        ),
      DTypeError,
      "cond: the predicate is float32, not bool. Compare, as in x.greater(0).",
    ],
    [
      "cond, traced predicate",
      traced((t) =>
        cond(
          t.sum(),
          () => t,
          () => t,
        ),
      ),
      DTypeError,
      "cond: the predicate is float32, not bool. Compare, as in x.greater(0).",
    ],
    [
      "cond, many predicates",
      () =>
        cond(
          bools,
          () => v,
          () => v,
        ),
      ShapeError,
      "cond: the predicate must have one element; use where to choose element by element.",
    ],
    [
      "cond, types",
      traced((t) =>
        cond(
          truth,
          () => t,
          () => t.sum(),
        ),
      ),
      TraceError,
      "cond: the two functions return different types: (float32[3]) and (float32[]).",
    ],
    [
      "cond, structures",
      traced(
        (t) =>
          cond<[], unknown>(
            truth,
            () => [t],
            () => t,
          ) as Tensor,
      ),
      TraceError,
      "cond: the two functions return results of different structure.",
    ],
    [
      "a box written",
      traced((t) =>
        cond(
          truth,
          () => {
            box.value = t;
            return t;
          },
          () => t,
        ),
      ),
      TraceError,
      "cond: the function changes a stored value (a parameter, running statistics or random state, as dropout does). Pass that value through the operands and results instead.",
    ],
    [
      "whileLoop, test",
      () =>
        whileLoop(
          (s: Tensor) => s,
          (s: Tensor) => s,
          v,
        ),
      TraceError,
      "whileLoop: the test must return one bool of one element, such as x.less(10).",
    ],
    [
      "whileLoop, state",
      () =>
        whileLoop(
          (s: Tensor) => s.sum().less(1),
          (s: Tensor) => s.sum(),
          v,
        ),
      TraceError,
      "whileLoop: the state must keep its type; it starts and ends a step as: (float32[3]) and (float32[]).",
    ],
    [
      "whileLoop, structure",
      () =>
        whileLoop<unknown>(
          () => truth,
          () => [v],
          v,
        ),
      TraceError,
      "whileLoop: the body returns a state of another structure than it takes.",
    ],
    [
      "whileLoop, reverse",
      () =>
        grad((t: Tensor) =>
          whileLoop(
            (s: Tensor) => s.sum().less(100),
            (s: Tensor) => s.mul(2),
            t,
          ).sum(),
        )(v),
      TraceError,
      "whileLoop: reverse mode needs the values of every step, and how many there are is not known beforehand. Use scan, with a fixed number of steps, or forward mode (jvp).",
    ],
    [
      "scan, no length",
      () => scan((c: Tensor) => [c, null], v, null),
      ShapeError,
      "scan: needs sequences with a first axis, or options.length.",
    ],
    [
      "scan, length",
      () => scan((c: Tensor) => [c, null], v, null, { length: -1 }),
      ShapeError,
      "scan: options.length must be an integer of at least 0, not -1.",
    ],
    [
      "scan, lengths",
      () => scan((c: Tensor) => [c, null], v, { a: x, b: v }),
      ShapeError,
      "scan: xs.b has shape [3], but there are 2 steps.",
    ],
    [
      "scan, pair",
      () => scan((c: Tensor) => c as unknown as [Tensor, Tensor], v, v),
      ShapeError,
      "scan: the function must return a pair [carry, result]; use null for no result.",
    ],
    [
      "scan, carry",
      () => scan((c: Tensor) => [c.sum(), null], v, v),
      TraceError,
      "scan: the carry must keep its type; it starts and ends a step as: (float32[3]) and (float32[]).",
    ],
    [
      "scan, structure",
      () => scan<unknown, Tensor, null>((c) => [[c], null], v, v),
      TraceError,
      "scan: the function returns a carry of another structure than it takes.",
    ],
    [
      "customVjp, captured",
      () =>
        grad((t: Tensor) =>
          customVjp(
            (s: Tensor) => s.mul(t),
            (_args, _y, ct) => [ct],
          )(t).sum(),
        )(v),
      TraceError,
      "customVjp: the function uses a traced value that is not among its arguments. Pass everything that a gradient may flow to as an argument.",
    ],
    [
      "customVjp, cotangents",
      () =>
        grad((t: Tensor) =>
          customVjp(
            (s: Tensor) => s.sum(),
            (_args, _y, ct) => [ct],
          )(t),
        )(v),
      TraceError,
      "customVjp: the backward rule returned cotangents of shapes ([]), but the arguments have shapes ([3]). Return one cotangent for each argument, in order.",
    ],
  ]);
});

describe("where it happened", () => {
  it("names the layer", () => {
    const message = messageOf(() => withScope("encoder", () => withScope("0 (dense)", () => x.matmul(x))));
    expect(message.split("\n")[1]).toBe("  in layer: encoder.0 (dense)");
  });

  it("points at the line, also under transforms", () => {
    const place = (f: () => unknown): number => Number(/errors\.test\.ts:(\d+):/.exec(messageOf(f))?.[1]);
    const here = Number(/errors\.test\.ts:(\d+):/.exec(new Error("here").stack ?? "")?.[1]);
    expect(place(() => x.add([1, 2]))).toBe(here + 1);
    expect(place(() => grad((t: Tensor) => t.add([1, 2]).sum())(x))).toBe(here + 2);
    expect(place(() => vmap((t: Tensor) => t.add([1, 2]))(x))).toBe(here + 3);
  });

  it("every class is a ChainruleError", () => {
    expect(new ShapeError("s")).toBeInstanceOf(ChainruleError);
    expect(new ShapeError("s").name).toBe("ShapeError");
    expect(new DTypeError("d").name).toBe("DTypeError");
  });

  it("two primitives of one name", () => {
    expect(() => register(primitive("add"))).toThrow('There are two primitives named "add".');
  });

  it("a name that no primitive has", () => {
    expect(() => primitive("frobnicate")).toThrow('There is no primitive named "frobnicate".');
  });
});
