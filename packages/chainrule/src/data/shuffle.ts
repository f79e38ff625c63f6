/** Random orders on the host. */
import { randomBits } from "../ops/random-bits.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { numbersOf } from "./dataset.ts";

/** 2⁻³². */
const UNIT = 1 / 2 ** 32;

/**
 * Puts positions into random order, in place, by the shuffle of R. Durstenfeld, "Algorithm 235: Random permutation",
 * 1964 (Fisher–Yates). The bits are a function of the key alone, so the order is too. An index is the high part of
 * bits · count, whose bias is below count / 2³².
 */
export function shuffle<T extends number[] | Int32Array>(positions: T, key: Tensor): T {
  const bits = numbersOf(randomBits(key, [positions.length]));
  for (let i = positions.length - 1; i > 0; i--) {
    const j = Math.floor(((bits[i] as number) >>> 0) * UNIT * (i + 1));
    const held = positions[i] as number;
    positions[i] = positions[j] as number;
    positions[j] = held;
  }
  return positions;
}

/** 0 … count − 1. */
export const identity = (count: number): Int32Array => new Int32Array(count).map((_, i) => i);
