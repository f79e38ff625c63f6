/** What the machine can do at most, by programs of the same target: a product that suits it, and copies. */
import { variable } from "../loop/build.ts";
import { type Buffer, type Expr, type Step, scratchLength } from "../loop/ir.ts";
import type { Target } from "../target/target.ts";
import { blockLength, Meter, repeatFor } from "./meter.ts";
import { ALIGNMENT, Parts } from "./parts.ts";

export interface Peaks {
  /** Operations a nanosecond, which is GFLOP/s, of a float32 product of 120×240 and 240×240. */
  readonly flops: number;
  /** Bytes a nanosecond, which is GB/s, of copies, by the bytes that a copy reads and writes. */
  readonly bytes: ReadonlyMap<number, number>;
}

/** In all levels of a cache that matter, and a multiple of the heights and widths of all tiles. */
const SHAPE = { m: 120, n: 240, k: 240 };
const BUDGET = { product: 150, copy: 40 };

/** Copies from 16 KiB, of which the parts lie in the nearest cache, to 64 MiB, of which they lie in memory. */
const [LEAST, MOST, FACTOR] = [2 ** 14, 2 ** 26, 4];

/** The size of the copy with which something is compared that touches so many bytes: the next larger one. */
export function copyBytes(touched: number): number {
  let bytes = LEAST;
  while (bytes < touched && bytes < MOST) bytes *= FACTOR;
  return bytes;
}

interface Known {
  flops: number;
  readonly bytes: Map<number, number>;
}

/** By the target and its settings: what was measured in this process. */
const known = new Map<string, Known>();

/** The peaks, with copies of the sizes asked for; what is not known yet is measured. */
export function peaksOf(target: Target, sizes: readonly number[]): Peaks {
  const key = `${target.name} ${target.settings()}`;
  const peaks = known.get(key) ?? { flops: 0, bytes: new Map() };
  known.set(key, peaks);
  const missing = [...new Set(sizes)].filter((bytes) => !peaks.bytes.has(bytes)).sort((a, b) => a - b);
  if (missing.length > 0 || peaks.flops === 0) measure(target, peaks, missing);
  return { flops: peaks.flops, bytes: new Map(peaks.bytes) };
}

function measure(target: Target, peaks: Known, sizes: readonly number[]): void {
  const { m, n, k } = SHAPE;
  const longest = Math.max(0, ...sizes) / 8;
  // Of a length that lets threads share them, as they do large products and copies in other programs.
  const arena = layOut([m * k, k * n, m * n, scratchLength(SHAPE), longest, longest]);
  const parts = new Parts(target, arena, [[], [productStep()], ...sizes.map((bytes) => [copyStep(bytes / 8)])]);
  for (const [id, length] of [m * k, k * n].entries()) {
    parts.view(id).set(Float32Array.from({ length }, (_, i) => 1 + (i % 7)));
  }
  parts.view(4).fill(1);
  const nsOf = (part: number, budget: number): number => {
    parts.select(part);
    const meter = new Meter({ run: () => parts.run(), restore() {} }, blockLength(1, budget));
    repeatFor(budget, () => meter.sample());
    return meter.ns;
  };
  const call = nsOf(0, BUDGET.copy);
  if (peaks.flops === 0) peaks.flops = (2 * m * n * k) / (nsOf(1, BUDGET.product) - call);
  sizes.forEach((bytes, i) => {
    peaks.bytes.set(bytes, bytes / (nsOf(2 + i, BUDGET.copy) - call));
  });
}

function layOut(lengths: readonly number[]): { buffers: Buffer[]; arenaBytes: number } {
  let offset = 0;
  const buffers = lengths.map((length, id): Buffer => {
    const buffer = { id, name: "peak", dtype: "float32", length, role: "input", offset } as const;
    offset += Math.ceil((4 * length) / ALIGNMENT + 1) * ALIGNMENT;
    return buffer;
  });
  return { buffers, arenaBytes: offset };
}

function productStep(): Step {
  const { m, n, k } = SHAPE;
  const offset: Expr = { kind: "const", dtype: "int32", value: 0 };
  const matrix = (buffer: number, columns: number) => ({ buffer, offset, rowStride: columns, colStride: 1 });
  const views = { a: matrix(0, k), b: matrix(1, n), out: matrix(2, n), scratch: 3 };
  return {
    kind: "kernel",
    kernel: { name: "peak product", body: [{ kind: "product", dtype: "float32", m, n, k, ...views }] },
  };
}

function copyStep(extent: number): Step {
  const index = variable("i", "int32");
  const value: Expr = { kind: "load", dtype: "float32", buffer: 4, index };
  return {
    kind: "kernel",
    kernel: {
      name: `peak copy ${extent}`,
      body: [{ kind: "for", index, extent, simd: true, body: [{ kind: "store", buffer: 5, index, value }] }],
    },
  };
}
