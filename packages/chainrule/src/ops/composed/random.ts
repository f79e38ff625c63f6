/** Random numbers from splittable keys. The same key always gives the same numbers; split it to get others. */
import { DTypeError, located } from "../../graph/errors.ts";
import { duringTransform } from "../../graph/trace.ts";
import { tensor } from "../../tensor/create.ts";
import { type DType, isFloat } from "../../tensor/dtype.ts";
import { checkOptions } from "../../tensor/options.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { stack } from "../concatenate.ts";
import { constant } from "../constant.ts";
import { checkKnown } from "../define.ts";
import type { Operand } from "../operands.ts";
import { randomBits } from "../random-bits.ts";

/**
 * A key, int32 [2], from a seed (any integer up to 2⁵³).
 *
 * @example
 * ```ts
 * import { random } from "chainrule";
 * await random.permutation(random.key(0), 6).array(); // → [ 4, 3, 2, 1, 5, 0 ]
 * ```
 */
export function key(seed: number): Tensor {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`random.key: the seed must be an integer, not ${seed}.`);
  return tensor([Math.floor(seed / 2 ** 32) | 0, seed | 0], { dtype: "int32" });
}

/**
 * `count` new keys, int32 [count, 2]. Use each key once.
 *
 * @example
 * ```ts
 * import { random } from "chainrule";
 * const keys = random.split(random.key(0), 3);
 * keys.shape; // → [ 3, 2 ]
 * random.normal(keys.gather(0), [2]).shape; // → [ 2 ]
 * ```
 */
export const split = (k: Tensor, count = 2): Tensor => randomBits(k, [count, 2], 1);

/**
 * A new key made of a key and an integer (of 32 bits; a number or an int32 scalar): for the numbers of epochs, layers
 * or examples, of which each needs a key of its own.
 */
export function foldIn(k: Tensor, data: number | Tensor): Tensor {
  if (typeof data === "number" && (data | 0) !== data && data >>> 0 !== data) {
    throw new RangeError(located(`random.foldIn: takes an integer of 32 bits, not ${data}.`));
  }
  const words =
    typeof data === "number" ? tensor([0, data | 0], { dtype: "int32" }) : stack([constant(0, "int32"), data]);
  // Mixed before the integer is added, or keys of neighbouring seeds would lead to the same keys.
  return randomBits(randomBits(k, [2], 2).add(words), [2], 2);
}

interface UniformOptions {
  readonly low?: number;
  readonly high?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** @throws DTypeError unless random numbers of this dtype can be drawn, TypeError for an option that does not exist */
function checkDraw(name: string, options: object, allowed: readonly string[], dtype: DType): void {
  checkOptions(name, options, allowed);
  checkKnown(name, dtype);
  if (isFloat(dtype)) return;
  throw new DTypeError(
    located(`${name}: draws float32 or float64, not ${dtype}. Convert with .floor().cast("int32").`),
  );
}

/**
 * A tensor of `shape`, uniform on [low, high), default [0, 1). float32 has 24 random bits, float64 has 53.
 *
 * @throws RangeError unless low < high, DTypeError for a dtype that is no float
 */
export function uniform(k: Tensor, shape: Shape, options: UniformOptions = {}): Tensor {
  const { low = 0, high = 1, dtype = "float32" } = options;
  checkDraw("random.uniform", options, ["low", "high", "dtype"], dtype);
  const unit =
    dtype === "float64"
      ? unit53(k, shape)
      : topBits(randomBits(k, shape), 24)
          .cast("float32")
          .mul(2 ** -24);
  if (low === 0 && high === 1) return unit;
  if (!(low < high && Number.isFinite(high - low))) {
    throw new RangeError(
      located(`random.uniform: low must be less than high, and both finite; they are ${low} and ${high}.`),
    );
  }
  // The sum may round up to `high`, which is not in the interval.
  return unit
    .mul(high - low)
    .add(low)
    .minimum(below(high, dtype));
}

/** A number of the dtype less than x by about one unit in the last place. */
function below(x: number, dtype: DType): number {
  const epsilon = dtype === "float64" ? 2 ** -52 : 2 ** -23;
  if (x === 0) return -(2 ** -126);
  return x > 0 ? x * (1 - epsilon / 2) : x * (1 + epsilon);
}

/** The `count` ≤ 31 highest bits, as a non-negative int32. */
function topBits(bits: Tensor, count: number): Tensor {
  return bits.shiftRight(32 - count);
}

function unit53(k: Tensor, shape: Shape): Tensor {
  const both = randomBits(k, [2, ...shape]);
  const high = topBits(both.gather(constant(0, "int32")), 27).cast("float64");
  const low = topBits(both.gather(constant(1, "int32")), 26).cast("float64");
  return high
    .mul(2 ** 26)
    .add(low)
    .mul(2 ** -53);
}

interface NormalOptions {
  readonly mean?: number;
  readonly deviation?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/**
 * A tensor of `shape` of normally distributed numbers, by the transform of G. E. P. Box and M. E. Muller, "A note on the generation of random
 * normal deviates", 1958.
 *
 * @throws DTypeError for a dtype that is no float
 */
export function normal(k: Tensor, shape: Shape, options: NormalOptions = {}): Tensor {
  const { mean = 0, deviation = 1, dtype = "float32" } = options;
  checkDraw("random.normal", options, ["mean", "deviation", "dtype"], dtype);
  const both = uniform(k, [2, ...shape], { dtype });
  const radius = both.gather(constant(0, "int32")).neg().log1p().mul(-2).sqrt();
  const angle = both.gather(constant(1, "int32")).mul(2 * Math.PI);
  const standard = radius.mul(angle.cos());
  return mean === 0 && deviation === 1 ? standard : standard.mul(deviation).add(mean);
}

/** A bool tensor of `shape`, true with probability p, which broadcasts to it. */
export function bernoulli(k: Tensor, p: Operand, shape: Shape): Tensor {
  const unit = uniform(k, shape);
  return duringTransform(() => unit.less(p)); // a draw that nobody uses is no condition
}

/** The integers 0 … n − 1 in random order, int32 [n]; or the rows of a tensor in random order. */
export function permutation(k: Tensor, of: number | Tensor): Tensor {
  if (typeof of === "number") return randomBits(k, [of]).argsort();
  return of.gather(permutation(k, of.shape[0] ?? sizeOf(of.shape)));
}
