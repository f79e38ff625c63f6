/** Small data and models for the tests of training. */
import { type AnyModule, dense, dropout, params, type Sequential, sequential, tanh } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

export interface Toy {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Numbers that look random and are the same everywhere. */
const wave = (i: number): number => Math.sin(12.9898 * (i + 1)) * Math.cos(78.233 * i);

/** [rows, 3] → [rows, 1], a function that a small network can learn. */
export function regression(rows: number): Toy {
  const x = Array.from({ length: rows }, (_, row) => [wave(3 * row), wave(3 * row + 1), wave(3 * row + 2)]);
  return { x: tensor(x), y: tensor(x.map(([a = 0, b = 0, c = 0]) => [a - 2 * b + a * c])) };
}

/** [rows, 3] → class numbers [rows]; class 0 where the sum is small, and so on. */
export function labelled(rows: number, classes: number): Toy {
  const { x } = regression(rows);
  const sums = x.sum(1).dataSync();
  const labels = Int32Array.from(sums, (s) =>
    Math.min(classes - 1, Math.max(0, Math.floor(((s + 1.5) / 3) * classes))),
  );
  return { x, y: tensor(labels) };
}

/** 3 → 8 → outputs, with dropout, so that random state matters. */
export const network = (outputs = 1): Sequential => sequential(dense(3, 8), tanh, dropout(0.25), dense(8, outputs));

/** All parameters as plain numbers. */
export const weightsOf = (model: AnyModule): Record<string, number[]> =>
  Object.fromEntries(Object.entries(params(model)).map(([name, { value }]) => [name, [...value.dataSync()]]));

/** A function that gives the values one after another, as a metric that takes a prescribed course. */
export function course(values: readonly number[]): () => number {
  let i = 0;
  return function score() {
    return values[i++] as number;
  };
}
