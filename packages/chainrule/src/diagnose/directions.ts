/** Directions in the space of a model's weights. */
import { numbersOf } from "../data/dataset.ts";
import { Box } from "../graph/box.ts";
import { ChainruleError } from "../graph/errors.ts";
import { foldIn, key, normal } from "../ops/composed/random.ts";
import { allocate } from "../tensor/dtype.ts";
import { hashText } from "../tensor/hash.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { fromData, Tensor } from "../tensor/tensor.ts";

/** Tensors by the names of a model's parameters. */
export type Point = Readonly<Record<string, Tensor>>;

/** The same as users give it: params(model) will do. */
export type PointLike = Readonly<Record<string, Tensor | Box>>;

/**
 * Gaussian random numbers for each weight, scaled unit by unit: the weights that lead to one unit (those that share the last
 * index) get as long as the model's own there, so that a step of 1 means the same for weights of any size, which a ReLU
 * network may trade between layers. Biases and other parameters of one axis stay as they are. H. Li, Z. Xu, G. Taylor,
 * C. Studer and T. Goldstein, "Visualizing the loss landscape of neural nets", 2018.
 *
 * @param at the weights, by names, such as `functional(model).parameters`
 * @param seed any integer; `lossAlongLine` and `lossOnPlane` have the same random directions for it
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { filterNormalized } from "chainrule/diagnose";
 * const { weight } = filterNormalized({ weight: tensor([[3, 0], [4, 0]]) }, 0);
 * // One unit has weights of length 5, the other of 0.
 * const lengths = weight?.square().sum(0).sqrt().arraySync() as number[];
 * lengths.map((length) => length.toFixed(5)); // → [ '5.00000', '0.00000' ]
 * ```
 */
export function filterNormalized(at: Point, seed: number): Record<string, Tensor> {
  return mapPoint(at, (parameter, name) => {
    const random = normal(foldIn(key(seed), hashText(name)), parameter.shape, { dtype: "float64" });
    return likeFilters(random, parameter);
  });
}

/** A direction with the norm of each unit's weights as those of the parameter; 0 for what has one axis or none. */
export function likeFilters(direction: Tensor, parameter: Tensor): Tensor {
  const result = allocate(parameter.dtype, parameter.size);
  if (parameter.rank >= 2) {
    const [d, w] = [numbersOf(direction), numbersOf(parameter)];
    const units = parameter.shape.at(-1) as number;
    for (let unit = 0; unit < units; unit++) {
      let [ofD, ofW] = [0, 0];
      for (let i = unit; i < d.length; i += units) {
        ofD += (d[i] as number) ** 2;
        ofW += (w[i] as number) ** 2;
      }
      const factor = ofD === 0 ? 0 : Math.sqrt(ofW / ofD);
      for (let i = unit; i < d.length; i += units) result[i] = factor * (d[i] as number);
    }
  }
  return fromData(result, parameter.shape, parameter.dtype);
}

/** The direction down, −gradient, as long as the weights are: a step of 1 is a change by 100 %. @throws ChainruleError if it is 0 */
export function alongGradient(where: string, gradient: Point, at: Point): Record<string, Tensor> {
  const length = normOf(gradient);
  if (length === 0 || !Number.isFinite(length)) {
    throw new ChainruleError(
      `${where}: the gradient is ${length === 0 ? "0" : "not finite"} there, so it has no direction.`,
    );
  }
  const factor = -(normOf(at) || 1) / length;
  return mapPoint(gradient, (g) => fromData(numbersOf(g).map((x) => factor * x) as Float32Array, g.shape, g.dtype));
}

/** to − from. */
export const difference = (from: Point, to: Point): Record<string, Tensor> =>
  mapPoint(to, (t, name) => {
    const start = numbersOf(from[name] as Tensor);
    return fromData(numbersOf(t).map((x, i) => x - (start[i] as number)) as Float32Array, t.shape, t.dtype);
  });

/** The Euclidean norm of all numbers together. */
export function normOf(point: Point): number {
  let sum = 0;
  for (const t of Object.values(point)) for (const x of numbersOf(t)) sum += x * x;
  return Math.sqrt(sum);
}

/** Σ aᵢ·bᵢ over all parameters. */
export function innerProduct(a: Point, b: Point): number {
  let sum = 0;
  for (const [name, t] of Object.entries(a)) {
    const other = numbersOf(b[name] as Tensor);
    numbersOf(t).forEach((x: number, i: number) => {
      sum += x * (other[i] as number);
    });
  }
  return sum;
}

const mapPoint = (point: Point, f: (t: Tensor, name: string) => Tensor): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(point).map(([name, t]) => [name, f(t, name)]));

/** @throws TypeError, RangeError unless there is a tensor of the right shape for each parameter, and for nothing else */
export function checkPoint(where: string, what: string, point: unknown, at: Point): Point {
  if (typeof point !== "object" || point === null || point instanceof Tensor || Array.isArray(point)) {
    throw new TypeError(
      `${where}: ${what} must be tensors by the names of the parameters, as in params(model); it is ${describeValue(point)}.`,
    );
  }
  const given = Object.fromEntries(
    Object.entries(point).map(([name, t]: [string, unknown]) => [name, t instanceof Box ? t.value : t]),
  );
  const stray = Object.keys(given).find((name) => !(name in at));
  if (stray !== undefined)
    throw new RangeError(`${where}: ${what} has "${stray}", which is no parameter of the model.`);
  for (const [name, { shape }] of Object.entries(at)) {
    const t = given[name];
    if (!(t instanceof Tensor)) throw new TypeError(`${where}: ${what} has no tensor for the parameter "${name}".`);
    if (sameShape(t.shape, shape)) continue;
    throw new RangeError(
      `${where}: ${what} has shape ${formatShape(t.shape)} for "${name}", but the parameter has ${formatShape(shape)}.`,
    );
  }
  return given as unknown as Point;
}
