import { describe, expect, it } from "vitest";
import { ExprPool } from "../../src/loop/build.ts";
import { REFERENCE } from "../../src/loop/scalar.ts";
import type { Executable } from "../../src/target/target.ts";
import { hasRelaxedMultiplyAdd, wasmTarget } from "../../src/target/wasm/index.ts";
import type { LaneFunctionOp } from "../../src/target/wasm/math/index.ts";
import { loop, singleKernel, store } from "./program.ts";

interface Measured {
  /**
   * The greatest error over all 2³² float32 numbers in units of the last place, and the bits of an argument that has it:
   * measured once, with the C library of GNU in double precision as the reference. First with multiplication and addition
   * rounded one by one, then with relaxed multiply-add on a processor that rounds once. (Of sin and cos every 61st number
   * beyond 2²⁸, where the host's functions are rounded.)
   */
  readonly plain: readonly [error: number, bits: number];
  readonly relaxed: readonly [error: number, bits: number];
}

const MEASURED: Record<LaneFunctionOp, Measured> = {
  exp: { plain: [0.9402, 0x40903a2c], relaxed: [0.9242, 0xc0bc813a] },
  expm1: { plain: [1.8151, 0x3eb20d3a], relaxed: [1.7217, 0x3eb1b807] },
  log: { plain: [0.9464, 0x3f34f988], relaxed: [0.9044, 0x3fb2f985] },
  log1p: { plain: [1.5922, 0x3ee3f97d], relaxed: [1.5197, 0x3ee45c95] },
  sin: { plain: [1.562, 0x4742470e], relaxed: [1.531, 0x47b69dea] },
  cos: { plain: [1.5848, 0x407b2ae4], relaxed: [1.5336, 0x47e9892b] },
  tanh: { plain: [1.9759, 0x3efebeb2], relaxed: [1.9687, 0x3de4348f] },
  sigmoid: { plain: [1.9991, 0xb9b4e004], relaxed: [1.9991, 0xb9b4e004] },
  softplus: { plain: [1.8262, 0xbf4cd572], relaxed: [1.7555, 0xbf50086a] },
  erf: { plain: [1.2674, 0x3f6dbd86], relaxed: [1.0701, 0x3f6cefc7] },
};

/** What every function must keep. */
const BOUND = 2;

const TARGETS = { plain: wasmTarget({ relaxed: false }), relaxed: wasmTarget({ relaxed: true }) };
const VARIANTS = hasRelaxedMultiplyAdd() ? (["plain", "relaxed"] as const) : (["plain"] as const);

const CHUNK = 2 ** 16;
const CHUNKS = 8;
/** Between two samples: an odd number of float32 values, so that the low bits vary. */
const STRIDE = 2 ** 32 / (CHUNK * CHUNKS) - 1;

/** Where functions overflow, underflow, saturate, or change their formula; every float32 around each is tried. */
const LANDMARKS = [
  0,
  2 ** -126,
  2 ** -25,
  0.34657359,
  0.41421356,
  0.5,
  Math.SQRT1_2,
  0.93,
  1,
  Math.SQRT2,
  4,
  9.1,
  17.328679,
  18,
  20,
  87.33654,
  88.72284,
  103.97208,
  2 ** 28,
  3.4028235e38,
  Number.POSITIVE_INFINITY,
].flatMap((x) => [bitsOf(x), bitsOf(-x)]);
const AROUND = 250;

function bitsOf(x: number): number {
  return new Int32Array(Float32Array.of(x).buffer)[0] as number;
}

/** The arguments tried, as chunks of bits: a dense sample of all float32, then the landmarks and the worst cases. */
function samples({ plain, relaxed }: Measured): Int32Array[] {
  const dense = Array.from({ length: CHUNKS }, (_, chunk) =>
    Int32Array.from({ length: CHUNK }, (_, i) => (chunk * CHUNK + i) * STRIDE),
  );
  const near = [...LANDMARKS, plain[1], relaxed[1]].flatMap((bits) =>
    Array.from({ length: 2 * AROUND + 1 }, (_, i) => bits + i - AROUND),
  );
  return [...dense, Int32Array.from({ length: CHUNK }, (_, i) => near[i % near.length] as number)];
}

/** The distance between neighbouring float32 numbers around x, whose magnitude is finite. */
function lastPlace(x: number): number {
  const bits = bitsOf(Math.min(Math.abs(x), 3.4e38));
  return 2 ** (Math.max(1, bits >>> 23) - 150);
}

/** Half a unit beyond the greatest float32: what rounds to ∞. */
const OVERFLOW = 2 ** 128 - 2 ** 103;

function errorOf(value: number, exact: number): number {
  if (Number.isNaN(exact) || Number.isNaN(value)) return Number.isNaN(exact) && Number.isNaN(value) ? 0 : Infinity;
  if (Math.abs(exact) >= OVERFLOW || Math.abs(value) === Infinity) {
    // ∞ and the numbers next to it are one step apart.
    return Math.sign(value) === Math.sign(exact) && Math.min(Math.abs(value), Math.abs(exact)) > 3.4028e38
      ? 0
      : Infinity;
  }
  if (value === 0 && exact === 0) return Object.is(value, exact) ? 0 : Infinity;
  return Math.abs(value - exact) / lastPlace(exact);
}

/** y = f(x) on so many numbers. */
function functionOn(length: number, op: LaneFunctionOp, variant: keyof typeof TARGETS): Executable {
  const pool = new ExprPool();
  const body = loop("i", length, (i) => [store(1, i, pool.call(op, pool.load("float32", 0, i)))], true);
  return TARGETS[variant].instantiate(
    singleKernel(
      [
        ["x", "float32", length],
        ["y", "float32", length],
      ],
      body,
    ),
  );
}

function valuesOf(executable: Executable, bits: Int32Array): { x: ArrayLike<number>; y: ArrayLike<number> } {
  const [x, y] = [executable.view(0), executable.view(1)];
  new Int32Array(x.buffer, x.byteOffset, bits.length).set(bits);
  executable.run();
  return { x, y };
}

describe("float32 functions on samples of all float32 numbers, in units of the last place", () => {
  for (const [op, measured] of Object.entries(MEASURED) as [LaneFunctionOp, Measured][]) {
    const [stated] = [measured.plain, measured.relaxed].sort(([a], [b]) => b - a) as [readonly [number, number]];
    it(`${op} errs by at most ${stated[0]}`, () => {
      expect(stated[0]).toBeLessThan(BOUND);
      for (const variant of VARIANTS) {
        const executable = functionOn(CHUNK, op, variant);
        let worst = { error: 0, x: 0, y: 0 };
        for (const bits of samples(measured)) {
          const { x, y } = valuesOf(executable, bits);
          for (let i = 0; i < CHUNK; i++) {
            const [xi, yi] = [x[i] as number, y[i] as number];
            const error = errorOf(yi, REFERENCE[op](xi));
            if (error > worst.error) worst = { error, x: xi, y: yi };
          }
        }
        // Rounding to four digits, and the errors of both references. An engine may round a relaxed one twice as well.
        const tolerance = 2e-4;
        expect(worst.error, `${variant} ${op}(${worst.x}) = ${worst.y}`).toBeLessThanOrEqual(stated[0] + tolerance);
        if (variant === "plain") expect(worst.error).toBeGreaterThanOrEqual(measured.plain[0] - tolerance);
      }
    });
  }
});

it("a function gives a number the same bits wherever it stands in a loop", () => {
  const numbers = [-Infinity, -90, -1.25, -0, 0, 1e-40, 0.3, 0.7, 3, 21, 1e10, Infinity, Number.NaN];
  for (const op of Object.keys(MEASURED) as LaneFunctionOp[]) {
    for (const variant of VARIANTS) {
      // A vector, and three numbers one by one.
      const executable = functionOn(7, op, variant);
      for (const number of numbers) {
        const { y } = valuesOf(executable, new Int32Array(7).fill(bitsOf(number)));
        expect(Array.from(y), `${variant} ${op}(${number})`).toEqual(new Array(7).fill(y[0]));
      }
    }
  }
});
