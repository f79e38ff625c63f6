import { describe, expect, it } from "vitest";
import { ExprPool } from "../../src/loop/build.ts";
import { REFERENCE } from "../../src/loop/scalar.ts";
import { wasm } from "../../src/target/wasm/index.ts";
import type { LaneFunctionOp } from "../../src/target/wasm/math/index.ts";
import { loop, singleKernel, store } from "./program.ts";

/**
 * The greatest error over all of float32 in units of the last place: what was measured with the comparison below on
 * every eighth float32, rounded up. The reference is double precision.
 */
const BOUNDS: Record<LaneFunctionOp, number> = {
  exp: 1,
  expm1: 1.6,
  log: 0.9,
  log1p: 1.5,
  sin: 0.51,
  cos: 0.51,
  tanh: 1.4,
  sigmoid: 2.5,
  softplus: 2,
  erf: 1.2,
};

const CHUNK = 2 ** 16;
const CHUNKS = 8;
/** Between two samples: an odd number of float32 values, so that the low bits vary. */
const STRIDE = 2 ** 32 / (CHUNK * CHUNKS) - 1;

/** The distance between neighbouring float32 numbers around x, whose magnitude is finite. */
function lastPlace(x: number): number {
  const bits = new Uint32Array(Float32Array.of(Math.min(Math.abs(x), 3.4e38)).buffer)[0] as number;
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
  return Math.abs(value - exact) / lastPlace(exact);
}

describe("float32 functions on samples of all float32 numbers, in units of the last place", () => {
  for (const [op, bound] of Object.entries(BOUNDS) as [LaneFunctionOp, number][]) {
    it(`${op} errs by at most ${bound}`, () => {
      const pool = new ExprPool();
      const body = loop("i", CHUNK, (i) => [store(1, i, pool.call(op, pool.load("float32", 0, i)))], true);
      const executable = wasm.instantiate(
        singleKernel(
          [
            ["x", "float32", CHUNK],
            ["y", "float32", CHUNK],
          ],
          body,
        ),
      );
      const x = executable.view(0);
      const y = executable.view(1);
      const bits = new Int32Array(x.buffer, x.byteOffset, CHUNK);
      let worst = { error: 0, x: 0, y: 0 };
      for (let chunk = 0; chunk < CHUNKS; chunk++) {
        for (let i = 0; i < CHUNK; i++) bits[i] = (chunk * CHUNK + i) * STRIDE;
        executable.run();
        for (let i = 0; i < CHUNK; i++) {
          const [xi, yi] = [x[i] as number, y[i] as number];
          const error = errorOf(yi, REFERENCE[op](xi));
          if (error > worst.error) worst = { error, x: xi, y: yi };
        }
      }
      expect(worst.error, `${op}(${worst.x}) = ${worst.y}`).toBeLessThanOrEqual(bound);
      // A polynomial without fused multiply-add is not correctly rounded: an error below this would mean no comparison.
      expect(worst.error).toBeGreaterThan(0.4);
    });
  }
});
