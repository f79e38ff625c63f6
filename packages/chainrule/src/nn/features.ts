/** Feature maps φ(x): fixed functions in front of a linear model. */
import { located, ShapeError } from "../graph/errors.ts";
import { concatenate } from "../ops/concatenate.ts";
import { checkNumber, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LayerFunction, layerFunction } from "./layer-function.ts";

/** A feature map, from [.., inputs] to [.., outputs(inputs)]. */
export type FeatureMap = LayerFunction & {
  /** How many features there are for so many inputs: what the next dense layer takes. */
  readonly outputs: (inputs: number) => number;
};

function featureMap(
  type: string,
  config: JsonObject,
  outputs: (inputs: number) => number,
  f: (x: Tensor, inputs: number) => Tensor,
): FeatureMap {
  const layer = layerFunction(type, config, (x) => {
    const inputs = x.shape.at(-1);
    if (inputs === undefined) throw new ShapeError(located(`${type}: takes [.., inputs], and this is a scalar.`));
    return f(x, inputs);
  });
  const checked = (inputs: number): number =>
    outputs(checkNumber(type, "the number of inputs", inputs, { least: 1, integer: true }));
  return Object.assign(layer, { outputs: checked });
}

/** A product of inputs: that of one degree less, by its position among those, times one more input. */
interface Monomial {
  readonly parent: number;
  /** Its last and highest input. */
  readonly input: number;
}

/** The monomials of each degree from 1 on, each degree in lexicographic order, as scikit-learn has them. */
function monomials(inputs: number, degree: number, distinct: boolean): Monomial[][] {
  const levels: Monomial[][] = [Array.from({ length: inputs }, (_, input) => ({ parent: 0, input }))];
  for (let d = 2; d <= degree; d++) {
    const before = levels[d - 2] as Monomial[];
    levels.push(
      before.flatMap(({ input: last }, parent) => {
        const first = last + Number(distinct);
        return Array.from({ length: Math.max(0, inputs - first) }, (_, i) => ({ parent, input: first + i }));
      }),
    );
  }
  return levels.filter((level) => level.length > 0);
}

function products(type: string, config: JsonObject, degree: number, distinct: boolean): FeatureMap {
  const outputs = (inputs: number): number =>
    monomials(inputs, degree, distinct).reduce((sum, level) => sum + level.length, 0);
  return featureMap(type, config, outputs, (x, inputs) => {
    const parts = [x];
    for (const level of monomials(inputs, degree, distinct).slice(1)) {
      const parents = (parts.at(-1) as Tensor).gather(
        level.map(({ parent }) => parent),
        -1,
      );
      parts.push(
        parents.mul(
          x.gather(
            level.map(({ input }) => input),
            -1,
          ),
        ),
      );
    }
    return concatenate(parts, -1);
  });
}

/**
 * All products of 1 to `degree` inputs, without the constant, which is the bias of the layer after: x₁, x₂, x₁², x₁x₂, x₂²
 * for two inputs and degree 2, in the order of scikit-learn's PolynomialFeatures.
 *
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dense, polynomial, sequential } from "chainrule/nn";
 * const phi = polynomial(2);
 * phi(tensor([[2, 3]])).arraySync(); // → [ [ 2, 3, 4, 6, 9 ] ]
 * const parabola = sequential(phi, dense(phi.outputs(2), 1));
 * ```
 */
export function polynomial(degree = 2): FeatureMap {
  requireNumber("polynomial", "degree", degree);
  checkNumber("polynomial", "degree", degree, { least: 1, integer: true });
  return products("polynomial", { degree }, degree, false);
}

/**
 * All products of 1 to `degree` different inputs, that is without powers: x₁, x₂, x₃, x₁x₂, x₁x₃, x₂x₃ for three inputs
 * and degree 2, in the order of scikit-learn's PolynomialFeatures with interaction_only.
 *
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { interactions } from "chainrule/nn";
 * interactions()(tensor([[2, 3, 5]])).arraySync(); // → [ [ 2, 3, 5, 6, 10, 15 ] ]
 * ```
 */
export function interactions(degree = 2): FeatureMap {
  requireNumber("interactions", "degree", degree);
  checkNumber("interactions", "degree", degree, { least: 1, integer: true });
  return products("interactions", { degree }, degree, true);
}

export interface FourierOptions {
  /** The length after which the lowest frequency repeats; default 2π. */
  readonly period?: number;
}

/**
 * cos(2πk·x/period) for each frequency k = 1 … order and each input, then all sin(2πk·x/period): a linear model on them is
 * a Fourier series. The features are in the order cos x₁, cos x₂, …, cos 2x₁, cos 2x₂, …, sin x₁, …
 *
 * @param order the highest frequency
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { fourier } from "chainrule/nn";
 * fourier(2, { period: 4 })(tensor([[0]])).arraySync(); // → [ [ 1, 1, 0, 0 ] ]
 * ```
 */
export function fourier(order: number, options: FourierOptions = {}): FeatureMap {
  requireNumber("fourier", "order", order);
  checkNumber("fourier", "order", order, { least: 1, integer: true });
  checkOptions("fourier", options, ["period"]);
  const { period = 2 * Math.PI } = options;
  checkNumber("fourier", "period", period, { above: 0 });
  return featureMap(
    "fourier",
    { order, period },
    (inputs) => 2 * order * inputs,
    (x) => {
      const angles = concatenate(
        Array.from({ length: order }, (_, k) => x.mul((2 * Math.PI * (k + 1)) / period)),
        -1,
      );
      return concatenate([angles.cos(), angles.sin()], -1);
    },
  );
}

/** Feature maps have settings, so they are called to get the function; passing them uncalled is a likely slip. */
function requireNumber(name: string, setting: string, value: unknown): void {
  if (typeof value === "number") return;
  throw new TypeError(
    `${name}: takes a number, its ${setting}, and gives a feature map; it got ${describeValue(value)}. Write ${name}(2).`,
  );
}
