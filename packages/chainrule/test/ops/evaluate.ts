/** Expected values of expressions, checked in every way to evaluate them: eagerly, and compiled for each target. */
import { expect } from "vitest";
import { compile, type NestedArray, type Tensor, tensor } from "../../src/index.ts";
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

/** The message of the error that a function throws. */
export function messageOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
