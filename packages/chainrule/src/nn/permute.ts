/** The symmetry of hidden units: another θ, the same function. */
import { foldIn, key, permutation } from "../ops/composed/random.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { isActivation } from "./activations.ts";
import { build, describe } from "./architecture.ts";
import { Dense } from "./dense.ts";
import { Dropout } from "./dropout.ts";
import { GaussianNoise } from "./gaussian-noise.ts";
import { specOf } from "./layer-function.ts";
import { variablesOf } from "./module.ts";
import { BatchNorm, LayerNorm } from "./normalization.ts";
import { initialize } from "./params.ts";
import { Prelu } from "./prelu.ts";
import { type Layer, Sequential } from "./sequential.ts";

export interface PermuteOptions {
  /** The seed of random permutations; default 0. */
  readonly seed?: number;
  /**
   * For hidden layers, by their position in the model, the new order of the units: unit i is what unit order[i] was. Layers
   * that are not named stay as they are. Default: a random order for each.
   */
  readonly orders?: Readonly<Record<number, readonly number[]>>;
}

/**
 * A copy of a network whose hidden units stand in another order: the columns of W and b of a dense layer are permuted, and
 * the rows of the next W in the same way. θ is different and the function is the same, up to rounding; so a network with
 * layers of n₁, n₂, … hidden units has n₁!·n₂!·… such copies of every minimum.
 *
 * @param model dense layers with activations, `prelu` too, dropout, noise and normalizations between them
 * @throws TypeError if there are no hidden units, or a layer between two dense ones does not commute with permutations; RangeError for a wrong order
 * @example
 * ```ts
 * import { dense, permuteHiddenUnits, sequential, tanh } from "chainrule/nn";
 * const model = sequential(dense(2, 3), tanh, dense(3, 1));
 * const twin = permuteHiddenUnits(model, { orders: { 0: [2, 0, 1] } });
 * ```
 */
export function permuteHiddenUnits(model: Sequential, options: PermuteOptions = {}): Sequential {
  const name = "permuteHiddenUnits";
  if (!((model as unknown) instanceof Sequential)) {
    throw new TypeError(`${name}: takes a model made by sequential(…), not ${describeValue(model)}.`);
  }
  checkOptions(name, options, ["seed", "orders"]);
  const { orders, seed = 0 } = options;
  checkNumber(name, "seed", seed, { integer: true });
  const hidden = pairs(model.layers);
  if (hidden.length === 0) {
    throw new TypeError(
      `${name}: the model has no hidden units to permute: they lie between two dense layers of one sequential(…). What is in a ` +
        "model inside of the model is not looked into; put its layers into the outer one.",
    );
  }
  for (const position of Object.keys(orders ?? {})) {
    if (hidden.some(({ at }) => `${at}` === position)) continue;
    const there = hidden.map(({ at }) => at).join(", ") || "none";
    throw new RangeError(`${name}: layer ${position} is no hidden dense layer; these are at ${there}.`);
  }
  initialize(model, { missingOnly: true });
  const copy = build(describe(model)) as Sequential;
  const own = variablesOf(model);
  for (const [path, variable] of variablesOf(copy)) variable.value = (own.get(path) as typeof variable).value;
  for (const { at, next } of hidden) {
    const [layer, after] = [copy.layers[at] as Dense, copy.layers[next] as Dense];
    const units = layer.weight.shape[1] as number;
    const given = orders?.[at];
    if (orders !== undefined && given === undefined) continue;
    const order = given ?? anotherOrder([...permutation(foldIn(key(seed), at), units).dataSync()]);
    checkOrder(name, at, order, units);
    layer.weight.value = layer.weight.value.gather([...order], 1);
    if (layer.bias !== undefined) layer.bias.value = layer.bias.value.gather([...order]);
    for (const between of copy.layers.slice(at + 1, next).filter(isByUnit)) {
      for (const variable of variablesOf(between).values()) {
        // A prelu may have one slope for all units.
        if (variable.shape[0] === units) variable.value = variable.value.gather([...order]);
      }
    }
    after.weight.value = after.weight.value.gather([...order], 0);
  }
  return copy;
}

/** Whether a layer has one number for each unit in each of its variables, or one for all. */
const isByUnit = (layer: Layer): layer is BatchNorm | LayerNorm | Prelu =>
  layer instanceof BatchNorm || layer instanceof LayerNorm || layer instanceof Prelu;

/** Whether a layer treats all units alike. */
const isAlike = (layer: Layer): boolean =>
  layer instanceof Dropout || layer instanceof GaussianNoise || isActivation(specOf(layer as never)?.type);

/** The positions of dense layers and of the dense layers that take their results. */
function pairs(layers: readonly Layer[]): { at: number; next: number }[] {
  const dense = layers.flatMap((layer, i) => (layer instanceof Dense ? [i] : []));
  const own = layers.filter((layer) => layer instanceof Dense || isByUnit(layer));
  const twice = own.find((layer, i) => own.indexOf(layer) < i);
  if (twice !== undefined) {
    const what = twice instanceof Dense ? "dense layer" : twice instanceof Prelu ? "prelu" : "normalization";
    throw new TypeError(`permuteHiddenUnits: a ${what} stands at two places, so its units cannot be permuted alone.`);
  }
  return dense.slice(0, -1).map((at, i) => {
    const next = dense[i + 1] as number;
    layers.slice(at + 1, next).forEach((layer, j) => {
      if (isAlike(layer) || isByUnit(layer)) return;
      throw new TypeError(
        `permuteHiddenUnits: layer ${at + 1 + j}, ${describeValue(layer)}, stands between two dense layers and may treat units ` +
          "differently. There may be activations, dropout, noise and normalizations only.",
      );
    });
    return { at, next };
  });
}

/** The same order would give the same parameters: it is turned by one. */
const anotherOrder = (order: readonly number[]): readonly number[] =>
  order.every((unit, i) => unit === i) ? [...order.slice(1), ...order.slice(0, 1)] : order;

function checkOrder(name: string, at: number, order: readonly number[], units: number): void {
  const sorted = Array.isArray(order) ? [...order].sort((a, b) => a - b) : [];
  if (sorted.length === units && sorted.every((unit, i) => unit === i)) return;
  throw new RangeError(`${name}: the order of layer ${at} must have each of 0…${units - 1} once.`);
}
