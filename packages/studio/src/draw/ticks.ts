/** Numbers for an axis. */
import { EXTENT, rounded, type Scale, toReal } from "../state/index.ts";

export interface Tick {
  readonly value: number;
  readonly words: string;
}

/** Round numbers on an axis, some five of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticksOf(scale: Scale): Tick[] {
  const [least, most] = [toReal(scale, -EXTENT), toReal(scale, EXTENT)];
  const power = 10 ** Math.floor(Math.log10((most - least) / 5));
  const step = power * ([1, 2, 5].find((times) => (most - least) / (times * power) <= 7) ?? 10);
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  // What is so far from 0 that its numbers cannot be told apart has no ticks.
  if (!(count >= 0 && count <= 8)) return [];
  return Array.from({ length: count }, (_, i) => {
    const value = (first + i) * step;
    return { value, words: rounded(value, 6) };
  });
}
