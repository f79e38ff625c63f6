/**
 * Matrix products on 256-bit vectors. WebAssembly's vectors have 128 bits, but V8 can join neighbouring operations into
 * one of twice the width, where the processor has AVX2: its flag `--experimental-wasm-revectorize`, which works from
 * V8 13 (Node 24) on. It is experimental, so what it makes is compared with ordinary products before it is trusted.
 */
import { ExprPool } from "../../loop/build.ts";
import { type Buffer, type MatrixView, type Product, type Program, type Step, scratchLength } from "../../loop/ir.ts";
import type { Executable } from "../target.ts";
import { hasRelaxedMultiplyAdd, instantiate } from "./instantiate.ts";

export interface WideSimdOptions {
  /** Default: true. */
  readonly enabled?: boolean;
}

/** What is used of Node's `process` and `node:v8`. */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly config?: { readonly variables?: Readonly<Record<string, unknown>> };
  readonly getBuiltinModule?: (name: string) => unknown;
}
interface FlagSetter {
  setFlagsFromString(flags: string): void;
}

let wide = false;
/** What the test of the engine gave, once it has run. */
let trusted: boolean | undefined;

/** Whether programs instantiated now have wide products. */
export const usesWideSimd = (): boolean => wide;

/**
 * Lets matrix products use 256-bit vectors, which about doubles their speed, in Node ≥ 24 on x64 with AVX2. It turns on
 * V8's experimental flag `--experimental-wasm-revectorize` for the whole process, tests products made with it bit for
 * bit against ordinary ones, and uses it only if they agree and are faster. Programs compiled afterwards are concerned;
 * their results are the same to the last bit. The first call takes about a tenth of a second.
 *
 * `enableWideSimd({ enabled: false })` goes back.
 *
 * @returns whether wide products are now in use; false where the engine or the processor cannot do it
 * @example
 * if (!enableWideSimd()) console.log("training with 128-bit products");
 */
export function enableWideSimd({ enabled = true }: WideSimdOptions = {}): boolean {
  const v8 = flagSetter();
  if (v8 === undefined) return false;
  if (enabled) {
    v8.setFlagsFromString("--experimental-wasm-revectorize");
    trusted ??= testProducts(v8);
  }
  wide = enabled && trusted === true;
  if (!wide) v8.setFlagsFromString("--no-experimental-wasm-revectorize");
  return wide;
}

/** Node's module for flags, where this V8 was built with the revectorizer and accepts relaxed multiply-add. */
function flagSetter(): FlagSetter | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process?.config?.variables?.v8_enable_wasm_simd256_revec !== 1 || !hasRelaxedMultiplyAdd()) return undefined;
  // Node 22 has the flag too, but there it has no effect.
  if (Number.parseInt(process.versions?.node ?? "0", 10) < 24) return undefined;
  return process.getBuiltinModule?.("node:v8") as FlagSetter | undefined;
}

type Shape = readonly [m: number, k: number, n: number, transposed?: "a" | "b"];

/** One tile, or a few, of each kind: whole and partial, of one row and of many, packed and in place. */
const TESTED: readonly Shape[] = [
  [1, 7, 70],
  [2, 9, 40],
  [3, 5, 16],
  [4, 33, 31],
  [6, 8, 16],
  [13, 17, 10],
  [14, 6, 7],
  [25, 4, 3],
  [12, 130, 48, "a"],
  [7, 19, 35, "b"],
  [64, 128, 72],
];

/** Large enough to measure, small enough for the caches. */
const TIMED: Shape = [48, 64, 96];
const TIMED_PRODUCTS = 16;
const TIMED_RUNS = 20;
/** Joined vectors give nearly twice the speed; the same tile with its vectors apart has not the registers it needs. */
const LEAST_GAIN = 1.2;

/** Whether products with joined vectors have the same bits as ordinary ones, and are faster. */
function testProducts(v8: FlagSetter): boolean {
  const tested = programOf(TESTED, 1);
  const timed = programOf([TIMED], TIMED_PRODUCTS);
  // Code of the optimizing compiler from the first call on: the revectorizer is a part of it.
  v8.setFlagsFromString("--no-liftoff");
  try {
    const [narrow, joined] = [runOn(tested, false), runOn(tested, true)];
    if (!tested.outputs.every((id) => sameBits(narrow.view(id), joined.view(id)))) return false;
    return gain(runOn(timed, false), runOn(timed, true)) >= LEAST_GAIN;
  } finally {
    v8.setFlagsFromString("--liftoff");
  }
}

function runOn(program: Program, joined: boolean): Executable {
  const executable = instantiate(program, { relaxed: true, wide: joined });
  for (const id of program.inputs) {
    const view = executable.view(id);
    for (let i = 0; i < view.length; i++) view[i] = Math.sin(i + id) * 2 ** (i % 8);
  }
  executable.run();
  return executable;
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Array.from(a).every((value, i) => Object.is(value, b[i]));
}

/** How many times faster the second is, by the shortest of some runs in turn. */
function gain(first: Executable, second: Executable): number {
  const shortest = [first, second].map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < TIMED_RUNS; run++) {
    [first, second].forEach((executable, i) => {
      const start = performance.now();
      executable.run();
      shortest[i] = Math.min(shortest[i] as number, performance.now() - start);
    });
  }
  return (shortest[0] as number) / (shortest[1] as number);
}

/** A program of products, each with buffers of its own, run `count` times over. */
function programOf(shapes: readonly Shape[], count: number): Program {
  const pool = new ExprPool();
  const buffers: Buffer[] = [];
  let end = 0;
  const buffer = (role: Buffer["role"], length: number, dtype: Buffer["dtype"] = "float32"): number => {
    const id = buffers.length;
    buffers.push({ id, name: role, dtype, length, role, offset: end });
    end = Math.ceil((end + 4 * length + 16) / 64) * 64;
    return id;
  };
  const matrix = (id: number, rows: number, columns: number, byColumns: boolean): MatrixView => {
    const [rowStride, colStride] = byColumns ? [1, rows] : [columns, 1];
    return { buffer: id, offset: pool.int(0), rowStride, colStride };
  };
  const body = shapes.map(([m, k, n, transposed]): Product => {
    const a = matrix(buffer("input", m * k), m, k, transposed === "a");
    const b = matrix(buffer("input", k * n), k, n, transposed === "b");
    const out = matrix(buffer("output", m * n), m, n, false);
    const scratch = buffer("temporary", scratchLength({ k, n }));
    return { kind: "product", dtype: "float32", m, n, k, a, b, out, scratch };
  });
  const counter = buffer("temporary", 1, "int32");
  const steps: Step[] = [
    { kind: "repeat", count, counter, body: [{ kind: "kernel", kernel: { name: "products", body } }] },
  ];
  const idsOf = (role: Buffer["role"]): number[] => buffers.filter((b) => b.role === role).map(({ id }) => id);
  return { buffers, arenaBytes: end, steps, inputs: idsOf("input"), outputs: idsOf("output") };
}
