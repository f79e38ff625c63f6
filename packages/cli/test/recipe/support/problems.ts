/** Problems of known kinds: real tables, and ones that are made. */
import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "chainrule";
import type { FoldNumbers, Problem, Splitting } from "../../../src/recipe/index.ts";

/** Repeatable numbers in [0, 1): W. H. Press et al., "Numerical Recipes", 2nd ed., the quick generator of section 7.1. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const matrix = (rows: readonly (readonly number[])[]): Tensor =>
  tensor(Float32Array.from(rows.flat()), { shape: [rows.length, rows[0]?.length ?? 0] });

export const column = (values: readonly number[]): Tensor => matrix(values.map((value) => [value]));

export const labels = (values: readonly number[]): Tensor => tensor(Int32Array.from(values));

/** Points around one centre a class, far enough apart to tell. */
export function blobs(rows: number, features: number, classes: number, seed = 1): Problem {
  const random = numbers(seed);
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, () => 4 * random() - 2));
  const y = Array.from({ length: rows }, (_, row) => row % classes);
  const x = y.map((label) => (centres[label] as number[]).map((centre) => centre + random() - 0.5));
  return { task: "classification", x: matrix(x), y: labels(y), classes };
}

/** Inside or outside of a circle, with a tenth of the labels wrong. */
export function circle(rows: number, seed = 1): Problem {
  const random = numbers(seed);
  const x = Array.from({ length: rows }, () => [4 * random() - 2, 4 * random() - 2]);
  const y = x.map(([a, b]) => Number((a as number) ** 2 + (b as number) ** 2 < 1.6 !== random() < 0.1));
  return { task: "binary", x: matrix(x), y: column(y), classes: 2 };
}

/** y = sin(2a) + b·c + noise, about standardized. */
export function surface(rows: number, seed = 1): Problem {
  const random = numbers(seed);
  const x = Array.from({ length: rows }, () => [4 * random() - 2, 4 * random() - 2, 4 * random() - 2]);
  const y = x.map(([a, b, c]) => Math.sin(2 * (a as number)) + (b as number) * (c as number) + 0.2 * (random() - 0.5));
  return { task: "regression", x: matrix(x), y: column(y.map((value) => value / 1.5)), classes: 1 };
}

/**
 * A table with the classes in its last column, and how its rows are parted; each fold is standardized by its training rows.
 * iris.csv and wine.csv are of the UCI Machine Learning Repository (doi:10.24432/C56C76, doi:10.24432/C5PC7J), CC BY 4.0.
 */
export function table(name: "iris" | "wine", seed: number) {
  const path = new URL(`../data/${name}.csv`, import.meta.url);
  const lines = readFileSync(path, "utf8").trim().split(/\r?\n/).slice(1);
  const cells = lines.map((line) => line.split(","));
  const names = [...new Set(cells.map((row) => row.at(-1) as string))];
  const all = cells.map((row) => row.slice(0, -1).map(Number));
  const classes = cells.map((row) => names.indexOf(row.at(-1) as string));
  const rows: Splitting & { count: number } = { count: cells.length, strategy: "stratified", seed, classes };
  const prepare = (train: Int32Array, held: Int32Array): FoldNumbers => {
    const scale = standardizer(Array.from(train, (row) => all[row] as number[]));
    const part = (positions: Int32Array) => ({
      x: matrix(Array.from(positions, (row) => scale(all[row] as number[]))),
      y: labels(Array.from(positions, (row) => classes[row] as number)),
    });
    return { problem: { task: "classification", classes: names.length, ...part(train) }, test: part(held) };
  };
  return { rows, prepare };
}

function standardizer(rows: readonly (readonly number[])[]): (row: readonly number[]) => number[] {
  const over = (of: (row: readonly number[]) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const columns = (rows[0] as number[]).map((_, j) => {
    const mean = over((row) => row[j] as number);
    return { mean, deviation: Math.sqrt(over((row) => ((row[j] as number) - mean) ** 2)) };
  });
  return (row) => columns.map(({ mean, deviation }, j) => ((row[j] as number) - mean) / (deviation || 1));
}
