/** Expected values of expressions, checked in every way to evaluate them: eagerly, and compiled for each target. */
import { expect } from "vitest";
import { compile, grad, hvp, jvp, type NestedArray, onesLike, type Tensor, tensor } from "../../src/index.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { expectClose } from "./compare.ts";

/** The same expression, eagerly and compiled. */
export const everyWay = (f: () => Tensor): Tensor[] => [
  f(),
  compile(f, { target: "js" })(),
  compile(f, { target: "wasm" })(),
];

export interface Expected {
  readonly dtype?: DType;
  /** Where the nesting does not tell it. */
  readonly shape?: readonly number[];
  /** Relative, above 1; absolute, below. Default: equal. */
  readonly tolerance?: number;
}

/** @param values as NumPy prints them with tolist() */
export function expectValue(
  f: () => Tensor,
  values: NestedArray,
  { dtype = "float32", shape, tolerance = 0 }: Expected = {},
): void {
  const numbers = tensor(values, { dtype: "float64" });
  for (const result of everyWay(f)) {
    expect({ shape: result.shape, dtype: result.dtype }).toEqual({ shape: shape ?? numbers.shape, dtype });
    expectClose(result.dataSync(), numbers.dataSync(), tolerance);
  }
}

export type Function = (x: Tensor) => Tensor;

/** f, f′ and f″ of an elementwise function; f″ forward over reverse and reverse over reverse. */
export function expectDerivatives(
  f: Function,
  at: number[],
  rows: readonly [number[], number[], number[]],
  of: { dtype: DType; tolerance: number },
): void {
  const x = tensor(at, { dtype: of.dtype });
  const total = (v: Tensor): Tensor => f(v).sum();
  expectValue(() => f(x), rows[0], of);
  expectValue(() => grad(total)(x), rows[1], of);
  expectValue(() => jvp(f, [x], [onesLike(x)])[1], rows[1], of);
  expectValue(() => hvp(total)(x, onesLike(x)), rows[2], of);
  expectValue(() => grad((v: Tensor) => grad(total)(v).sum())(x), rows[2], of);
}
