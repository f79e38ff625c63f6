/** The fully connected layer. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import { checkNumber, checkOptions, type JsonObject } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { glorotUniform, type Initializer, initializerConfig, zeros } from "./initializers.ts";
import { Module, typeOf } from "./module.ts";
import { Param } from "./param.ts";

export interface DenseOptions {
  /** Whether a bias is added; default true. */
  readonly bias?: boolean;
  /** Default glorotUniform. */
  readonly weightInit?: Initializer;
  /** Default zeros. */
  readonly biasInit?: Initializer;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** y = x·W + b. Made by `dense`. */
export class Dense extends Module {
  static readonly type: string = "dense";
  /** [in, out] */
  readonly weight: Param;
  /** [out], or undefined */
  readonly bias: Param | undefined;

  constructor(inputs: number, outputs: number, options: DenseOptions = {}) {
    super();
    const name = typeOf(this);
    checkNumber(name, "the number of inputs", inputs, { least: 1, integer: true });
    checkNumber(name, "the number of outputs", outputs, { least: 1, integer: true });
    checkOptions(name, options, ["bias", "weightInit", "biasInit", "dtype"]);
    const { bias = true, weightInit = glorotUniform, biasInit = zeros, dtype = "float32" } = options;
    this.weight = new Param([inputs, outputs], weightInit, { dtype });
    this.bias = bias ? new Param([outputs], biasInit, { dtype, regularize: false }) : undefined;
  }

  forward(x: Tensor): Tensor {
    this.#check(x);
    const weight = this.weight.value;
    // Leading dimensions are one long batch for the product.
    const rows = x.rank > 2 ? x.reshape([-1, x.shape.at(-1) as number]) : x;
    const product = rows.matmul(weight);
    const y = this.bias === undefined ? product : product.add(this.bias.value);
    return x.rank > 2 ? y.reshape([...x.shape.slice(0, -1), weight.shape[1] as number]) : y;
  }

  override config(): JsonObject {
    const [inputs, outputs] = this.weight.shape as [number, number];
    return {
      in: inputs,
      out: outputs,
      bias: this.bias !== undefined,
      weightInit: initializerConfig(this.weight.initializer),
      biasInit: initializerConfig(this.bias?.initializer ?? zeros),
      dtype: this.weight.dtype,
    };
  }

  #check(x: unknown): asserts x is Tensor {
    const { shape, dtype } = this.weight;
    const [inputs] = shape;
    const name = typeOf(this);
    if (!(x instanceof Tensor)) {
      throw new TypeError(located(`${name}: the input is not a tensor. Make one with tensor(…).`));
    }
    const weight = `the weight is ${formatShape(shape, ["in", "out"])}`;
    if (x.rank === 0) {
      throw new ShapeError(
        located(`${name}: the input is a scalar, but ${weight}; give it a shape [batch, ${inputs}] or [${inputs}].`),
      );
    }
    const features = x.shape.at(-1);
    if (features !== inputs) {
      const names = x.shape.map((_, i) => (i === x.rank - 1 ? "features" : i === 0 ? "batch" : `dim${i}`));
      throw new ShapeError(
        located(`${name}: the input has ${features} features (shape ${formatShape(x.shape, names)}), but ${weight}.`),
      );
    }
    if (x.dtype !== dtype) {
      const other = isFloat(x.dtype) ? ` or make the layer with ${name}(…, { dtype: "${x.dtype}" })` : "";
      throw new DTypeError(
        located(
          `${name}: the input is ${x.dtype}, but the weight is ${dtype}. Convert the input with .cast("${dtype}")${other}.`,
        ),
      );
    }
  }
}

/**
 * A fully connected layer: y = x·W + b, from [in] or [.., in] to [.., out].
 *
 * @throws RangeError, TypeError for sizes that are not positive integers or an unknown option; when called, ShapeError
 * and DTypeError for an input that does not fit
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dense } from "chainrule/nn";
 * dense(3, 2)(tensor([[1, 2, 3]])).shape; // → [ 1, 2 ]
 * ```
 */
export const dense = (inputs: number, outputs: number, options?: DenseOptions): Dense =>
  new Dense(inputs, outputs, options);
