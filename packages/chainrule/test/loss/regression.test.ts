import { describe, expect, it } from "vitest";
import {
  checkTargets,
  halfSquaredError,
  hinge,
  huber,
  type Loss,
  meanAbsoluteError,
  squaredError,
  withOptions,
} from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const p = tensor([
  [3, 4],
  [1, 1],
]);
const zero = tensor([
  [0, 0],
  [1, 1],
]);

describe("squaredError and halfSquaredError", () => {
  it("sum over the outputs, then average over the examples: 25 and 0", () => {
    expect(squaredError(p, zero).itemSync()).toBe(12.5);
    expect(squaredError(p, zero, { reduction: "none" }).arraySync()).toEqual([25, 0]);
    expect(halfSquaredError(p, zero, { reduction: "sum" }).itemSync()).toBe(12.5);
  });

  it("have the derivatives 2(p − t) and p − t", () => {
    const sum = (loss: Loss) => grad((x: Tensor) => loss(x, zero, { reduction: "sum" }))(p).arraySync();
    expect(sum(squaredError)).toEqual([
      [6, 8],
      [0, 0],
    ]);
    expect(sum(halfSquaredError)).toEqual([
      [3, 4],
      [0, 0],
    ]);
  });
});

describe("huber and meanAbsoluteError", () => {
  it("have a derivative that is limited, and 0 at no error", () => {
    const x = tensor([-1000, -2, -0.5, 0, 0.5, 2, 1000]);
    const at = (loss: Loss) => grad((v: Tensor) => loss(v, x.mul(0), { reduction: "sum" }))(x).arraySync();
    expect(at(huber)).toEqual([-1, -1, -0.5, 0, 0.5, 1, 1]);
    expect(at(withOptions(huber, { delta: 2 }))).toEqual([-2, -2, -0.5, 0, 0.5, 2, 2]);
    expect(at(meanAbsoluteError)).toEqual([-1, -1, -1, 0, 1, 1, 1]);
  });

  it("refuse a threshold that is none", () => {
    expect(() => huber(p, zero, { delta: 0 })).toThrow("huber: delta must be a finite number > 0; it is 0.");
  });
});

describe("hinge", () => {
  it("has the derivative −y within the margin, else 0", () => {
    const y = tensor([1, 1, -1, -1]);
    const f = (x: Tensor): Tensor => hinge(x, y, { reduction: "sum" });
    expect(grad(f)(tensor([1000, 0.5, -1000, 1000])).arraySync()).toEqual([0, -1, 0, 1]);
    expect(hinge(tensor([0.5]), tensor([1]), { margin: 2 }).itemSync()).toBe(1.5);
  });

  it("says how to make its targets of 0 and 1", () => {
    const text = "hinge: targets must be −1 or 1; row 1 has 0. Make −1 and 1 of 0 and 1 with .mul(2).sub(1).";
    expect(() => hinge(tensor([1, 2]), tensor([1, 0]))).toThrow(text);
    expect(() => checkTargets("hinge", tensor([1, 0]), 1)).toThrow(text);
    expect(() => hinge(tensor([1]), tensor([1]), { margin: -1 })).toThrow("hinge: margin must be a finite number > 0");
  });
});

describe("extremes", () => {
  it.each([squaredError, halfSquaredError, huber, meanAbsoluteError, hinge])(
    "of ±1000 have finite first and second derivatives: %o",
    (loss: Loss) => {
      const x = tensor([-1000, 1000]);
      const f = (v: Tensor): Tensor => loss(v, tensor([1, -1]));
      const numbers = [f(x), grad(f)(x), hessian(f)(x) as Tensor].flatMap((t) => [...t.dataSync()]);
      expect(numbers.every(Number.isFinite)).toBe(true);
    },
  );
});
