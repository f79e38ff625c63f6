/** Elementwise operations and broadcasting. Expected values: NumPy 2.4, SciPy 1.17 for the special functions. */
import { describe, it } from "vitest";
import { type Tensor, tensor, where } from "../../src/index.ts";
import { type Expected, expectValue } from "./evaluate.ts";

const a = tensor([
  [1, -2, 3],
  [4, 5, -6],
]);
const column = tensor([[2], [0.5]]);
const v = tensor([10, 20, 30]);
const cube = tensor(
  Float32Array.from({ length: 24 }, (_, i) => i - 7),
  { shape: [2, 3, 4] },
);
const double = (values: number[]): Tensor => tensor(values, { dtype: "float64" });
const int = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const exact64: Expected = { dtype: "float64" };
const close64: Expected = { dtype: "float64", tolerance: 1e-15 };

describe("broadcasting", () => {
  it("aligns shapes at the last dimension", () => {
    expectValue(
      () => a.add(v),
      [
        [11, 18, 33],
        [14, 25, 24],
      ],
    );
    expectValue(
      () => a.mul(column),
      [
        [2, -4, 6],
        [2, 2.5, -3],
      ],
    );
    expectValue(
      () => a.div(column),
      [
        [0.5, -1, 1.5],
        [8, 10, -12],
      ],
    );
    expectValue(
      () => column.sub(v),
      [
        [-8, -18, -28],
        [-9.5, -19.5, -29.5],
      ],
    );
    expectValue(
      () => cube.slice(2, 0, 2).add(tensor([[1], [2], [3]])),
      [
        [
          [-6, -5],
          [-1, 0],
          [4, 5],
        ],
        [
          [6, 7],
          [11, 12],
          [16, 17],
        ],
      ],
    );
  });

  it("takes numbers and arrays beside tensors", () => {
    expectValue(() => v.sub(1), [9, 19, 29]);
    expectValue(() => v.add([1, 2, 3]), [11, 22, 33]);
    expectValue(() => int([1, 2]).mul(3), [3, 6], { dtype: "int32" });
    expectValue(() => int([1, 2]).add([1, 1]), [2, 3], { dtype: "int32" });
    expectValue(() => tensor(5).mul(v), [50, 100, 150]);
  });

  it("keeps empty tensors empty", () => {
    expectValue(() => tensor([]).add(1), [], { shape: [0] });
    expectValue(() => tensor([[1]]).mul(tensor([])), [], { shape: [1, 0] });
  });
});

describe("arithmetic", () => {
  it("maximum and minimum: NaN wins", () => {
    expectValue(
      () => a.maximum(column),
      [
        [2, 2, 3],
        [4, 5, 0.5],
      ],
    );
    expectValue(
      () => a.minimum(v.mul(nan)),
      [
        [nan, nan, nan],
        [nan, nan, nan],
      ],
    );
    expectValue(() => tensor([nan, 1]).maximum([1, nan]), [nan, nan]);
  });

  it("int32 wraps", () => {
    expectValue(() => int([2 ** 31 - 1]).add(1), [-(2 ** 31)], { dtype: "int32" });
    expectValue(() => int([123456789]).mul(1000), [-1097262584], { dtype: "int32" });
  });

  it("clip, sign, floor, square, reciprocal", () => {
    expectValue(
      () => a.clip(-1, 3.5),
      [
        [1, -1, 3],
        [3.5, 3.5, -1],
      ],
    );
    expectValue(() => tensor([-2, 0, 3, nan]).sign(), [-1, 0, 1, nan]);
    expectValue(() => tensor([-1.5, 1.5, -0.5]).floor(), [-2, 1, -1]);
    expectValue(() => v.square(), [100, 400, 900]);
    expectValue(() => tensor([4, -0.5, 0]).reciprocal(), [0.25, -2, inf]);
    expectValue(() => int([-5, 0, 7]).abs(), [5, 0, 7], { dtype: "int32" });
  });

  it("pow", () => {
    expectValue(
      () => double([2, 0, -8, 4, 0, -8]).pow(double([-1, 0, 3, 0.5, -1, 0.5])),
      [0.5, 1, -512, 2, inf, nan],
      close64,
    );
    expectValue(() => v.pow(2), [100, 400, 900]);
  });

  it("mulz: zero times anything is zero", () => {
    expectValue(() => tensor([0, 0, 0, 2]).mulz([inf, nan, 5, inf]), [0, 0, 0, inf]);
    expectValue(() => tensor([inf, nan]).mulz([0, 0]), [nan, nan]);
  });

  it("relu: zero for negative numbers, NaN stays", () => {
    expectValue(() => tensor([-1, 0, 2, nan, -inf, inf]).relu(), [0, 0, 2, nan, 0, inf]);
  });

  it("shiftRight brings in zeros", () => {
    expectValue(() => int([-1, 256]).shiftRight(8), [16777215, 1], { dtype: "int32" });
  });
});

describe("functions", () => {
  it("exponentials and logarithms", () => {
    expectValue(() => double([1]).exp(), [Math.E], close64);
    expectValue(() => double([1e-10]).expm1(), [1.00000000005e-10], { dtype: "float64", tolerance: 1e-25 });
    expectValue(() => double([10]).log(), [Math.LN10], close64);
    expectValue(() => double([1e-10]).log1p(), [9.999999999500001e-11], { dtype: "float64", tolerance: 1e-25 });
    expectValue(() => tensor([0, -1]).log(), [-inf, nan]);
  });

  it("trigonometric and hyperbolic functions, square root", () => {
    expectValue(() => double([1]).sin(), [0.8414709848078965], close64);
    expectValue(() => double([1]).cos(), [0.5403023058681398], close64);
    expectValue(() => double([0.5]).tanh(), [0.46211715726000974], close64);
    expectValue(() => double([2, -1]).sqrt(), [Math.SQRT2, nan], close64);
  });

  it("sigmoid, erf, softplus", () => {
    expectValue(() => double([1.5]).sigmoid(), [0.8175744761936437], close64);
    expectValue(() => double([0.5]).erf(), [0.5204998778130465], close64);
    expectValue(() => double([1.5]).softplus(), [1.7014132779827524], close64);
    expectValue(() => double([1.5]).softplus().neg(), [-1.7014132779827524], close64);
  });
});

describe("comparisons and logic", () => {
  it("are false for NaN, but for notEqual", () => {
    const x = tensor([1, 2, nan]);
    const bool: Expected = { dtype: "bool" };
    expectValue(() => x.less(2), [true, false, false], bool);
    expectValue(() => x.lessEqual(2), [true, true, false], bool);
    expectValue(() => x.greater(1), [false, true, false], bool);
    expectValue(() => x.greaterEqual(2), [false, true, false], bool);
    expectValue(() => x.equal(x), [true, true, false], bool);
    expectValue(() => x.notEqual(x), [false, false, true], bool);
    expectValue(() => x.isNaN(), [false, false, true], bool);
    expectValue(() => tensor([inf, -inf, nan, 3]).isFinite(), [false, false, false, true], bool);
    expectValue(() => int([1, 2]).isFinite(), [true, true], bool);
  });

  it("and, or, not", () => {
    const [p, q] = [tensor([true, true, false, false]), tensor([true, false, true, false])];
    expectValue(() => p.and(q), [true, false, false, false], { dtype: "bool" });
    expectValue(() => p.or(q), [true, true, true, false], { dtype: "bool" });
    expectValue(() => p.not(), [false, false, true, true], { dtype: "bool" });
    expectValue(() => p.and(true), [true, true, false, false], { dtype: "bool" });
  });

  it("where broadcasts all three", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expectValue(
      () => where(x.greater(2), x, -1),
      [
        [-1, -1, 3],
        [4, 5, 6],
      ],
    );
    expectValue(
      () => where(tensor([true, false, true]), x, 0),
      [
        [1, 0, 3],
        [4, 0, 6],
      ],
    );
    expectValue(
      () => where(tensor(false), 1, x),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    );
    expectValue(() => where(tensor([[true], [false]]), 1, 0), [[1], [0]]);
    expectValue(() => where(tensor([true, false]), int([1, 2]), 7), [1, 7], { dtype: "int32" });
    expectValue(() => where(tensor([true, false]), true, tensor([true, true])), [true, true], { dtype: "bool" });
  });
});

describe("cast", () => {
  it("float → int32 truncates and saturates, NaN gives 0", () => {
    expectValue(
      () => tensor([2.9, -2.9, 0.5, 1e10, -1e10, inf, -inf, nan]).cast("int32"),
      [2, -2, 0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, -(2 ** 31), 0],
      {
        dtype: "int32",
      },
    );
  });

  it("anything → bool is x ≠ 0", () => {
    expectValue(() => tensor([0, -0, 2, nan]).cast("bool"), [false, false, true, true], { dtype: "bool" });
    expectValue(() => int([0, -3]).cast("bool"), [false, true], { dtype: "bool" });
  });

  it("rounds to the nearest float", () => {
    expectValue(
      () => double([0.1, 1e-46, 1e39]).cast("float32").cast("float64"),
      [0.10000000149011612, 0, inf],
      exact64,
    );
    expectValue(
      () =>
        int([2 ** 31 - 1, 16777217])
          .cast("float32")
          .cast("float64"),
      [2 ** 31, 16777216],
      exact64,
    );
    expectValue(() => tensor([true, false]).cast("float64"), [1, 0], exact64);
  });
});
