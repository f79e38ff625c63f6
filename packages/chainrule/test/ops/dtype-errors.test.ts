/** The errors about dtypes and numbers that do not fit, and what all errors have in common. */
import { describe, expect, it } from "vitest";
import { withScope } from "../../src/graph/index.ts";
import {
  arange,
  ChainruleError,
  concatenate,
  constant,
  DTypeError,
  full,
  grad,
  ones,
  random,
  ShapeError,
  type Tensor,
  tensor,
  vmap,
  where,
} from "../../src/index.ts";
import { primitive } from "../../src/ops/index.ts";
import { register } from "../../src/ops/registry.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { errorTable, expectError, messageOf } from "./expect-error.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const v = tensor([1, 2, 3]);
const ints = tensor([1, 2], { dtype: "int32" });
const bools = tensor([true, false]);

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
  errorTable([
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
      "uniform, int32",
      () => random.uniform(random.key(0), [2], { dtype: "int32" }),
      DTypeError,
      'random.uniform: draws float32 or float64, not int32. Convert with .floor().cast("int32").',
    ],
    [
      "normal, bool",
      () => random.normal(random.key(0), [2], { dtype: "bool" }),
      DTypeError,
      'random.normal: draws float32 or float64, not bool. Convert with .floor().cast("int32").',
    ],
    [
      "normal, half",
      () => random.normal(random.key(0), [2], { dtype: "half" as DType }),
      DTypeError,
      'random.normal: unknown dtype "half"; there are float32, float64, int32, bool.',
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

describe("where it happened", () => {
  it("names the layer", () => {
    const message = messageOf(() => withScope("encoder", () => withScope("0 (dense)", () => x.matmul(x))));
    expect(message.split("\n")[1]).toBe("  in layer: encoder.0 (dense)");
  });

  it("points at the line, also under transforms", () => {
    const place = (f: () => unknown): number => Number(/dtype-errors\.test\.ts:(\d+):/.exec(messageOf(f))?.[1]);
    const here = Number(/dtype-errors\.test\.ts:(\d+):/.exec(new Error("here").stack ?? "")?.[1]);
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
