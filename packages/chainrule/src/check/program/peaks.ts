/** What the machine can do at most, by programs of the same target: a product that suits it, and streams of numbers. */
import { variable } from "../../loop/build.ts";
import { type Expr, type Step, type Stmt, scratchLength } from "../../loop/ir.ts";
import type { Target } from "../../target/target.ts";
import { blockLength, Meter, repeatFor } from "./meter.ts";
import { Parts, withBuffers } from "./parts.ts";

export interface Peaks {
  /** Operations a nanosecond, which is GFLOP/s, of a float32 product of 120×240 and 240×240. */
  readonly flops: number;
  /** Bytes a nanosecond, which is GB/s, of a += b on float32 arrays, by the bytes that it reads and writes. */
  readonly bytes: ReadonlyMap<number, number>;
}

/** In all levels of a cache that matter, and a multiple of the heights and widths of all tiles. */
const SHAPE = { m: 120, n: 240, k: 240 };
/** Milliseconds for each thing that is measured. */
const BUDGET = 60;

/** Streams of 16 KiB, which lie in the nearest cache, to 64 MiB, which lie in memory. */
const [LEAST, MOST, FACTOR] = [2 ** 14, 2 ** 26, 4];
/** What a += b reads and writes for each element. */
const STREAM_BYTES = 12;

/** The size of the stream with which something is compared that touches so many bytes: the next larger one. */
export function streamBytes(touched: number): number {
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

/** The peaks, with streams of the sizes asked for; what is not known yet is measured. */
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
  const longest = lengthOf(Math.max(0, ...sizes));
  const wanted = [m * k, k * n, m * n, scratchLength(SHAPE), longest, longest].map((length) => {
    return { name: "peak", dtype: "float32", length } as const;
  });
  const arena = withBuffers({ buffers: [], arenaBytes: 0 }, wanted);
  // One program, since threads share the kernels of a program that has much to do.
  const parts = new Parts(target, arena, [[], [productStep()], ...sizes.map((bytes) => [streamStep(bytes)])]);
  for (const id of [0, 1, 4, 5]) parts.view(id).fill(1);
  const meters = ["call", "product", ...sizes].map((_, part) => {
    const meter = new Meter({ run: (times) => parts.run(times), restore() {} }, blockLength(1, BUDGET));
    return { part, meter };
  });
  // In turn, so that an engine has the time to optimize each.
  repeatFor(BUDGET * meters.length, () => {
    for (const { part, meter } of meters) {
      parts.select(part);
      meter.sample();
    }
  });
  const [call, product, ...streams] = meters.map(({ meter }) => meter.ns) as [number, number, ...number[]];
  peaks.flops = Math.max(peaks.flops, (2 * m * n * k) / (product - call));
  sizes.forEach((bytes, i) => {
    peaks.bytes.set(bytes, (lengthOf(bytes) * STREAM_BYTES) / ((streams[i] as number) - call));
  });
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

/** Whole vectors, however wide. */
const lengthOf = (bytes: number): number => Math.floor(bytes / STREAM_BYTES / 16) * 16;

function streamStep(bytes: number): Step {
  const index = variable("i", "int32");
  const [a, b] = [4, 5].map((buffer): Expr => ({ kind: "load", dtype: "float32", buffer, index })) as [Expr, Expr];
  const value: Expr = { kind: "call", op: "add", dtype: "float32", args: [a, b] };
  const store: Stmt = { kind: "store", buffer: 4, index, value };
  const loop: Stmt = { kind: "for", index, extent: lengthOf(bytes), simd: true, body: [store] };
  const kernel = { name: `peak stream ${bytes}`, body: [loop] };
  return { kind: "kernel", kernel };
}
