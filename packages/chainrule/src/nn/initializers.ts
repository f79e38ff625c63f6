/** Initial values of parameters. */

import { located, ShapeError } from "../graph/errors.ts";
import * as random from "../ops/composed/random.ts";
import { full } from "../ops/constant.ts";
import type { DType } from "../tensor/dtype.ts";
import { checkNumber, checkOptions, type JsonObject } from "../tensor/options.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { orthonormalRows } from "./orthonormal.ts";

/** A function that makes an initial value; the same key gives the same value. */
export interface Initializer {
  (key: Tensor, shape: Shape, fanIn: number, fanOut: number, dtype: DType): Tensor;
  /** How it is written in a model file; without it the file only says that there was one. */
  readonly spec?: JsonObject;
}

type Make = (...args: Parameters<Initializer>) => Tensor;

/** The function, under a name that no minifier changes. */
export function named(spec: JsonObject & { readonly name: string }, f: Make): Initializer {
  const { name } = spec;
  const initializer: Make = (key, shape, ...rest) => {
    if (key instanceof Tensor && Array.isArray(shape)) return f(key, shape, ...rest);
    throw new TypeError(
      `${name}: takes a random key and a shape, which a layer gives to it. Hand it over uncalled, dense(2, 3, { weightInit: ` +
        'heNormal }), or call it as heNormal(random.key(1), [2, 3], 2, 3, "float32").',
    );
  };
  Object.defineProperty(initializer, "name", { value: name });
  return Object.assign(initializer, { spec });
}

/** An initializer with settings is called to get it; a layer that was given it uncalled calls it with a random key. */
function checkCalled(call: string, first: unknown): void {
  if (!(first instanceof Tensor)) return;
  const name = call.replace(/\(.*/, "");
  throw new TypeError(
    located(
      `${name}: has settings, so it is called to get an initializer. Write ${call}, not ${name}, as in dense(2, 3, { weightInit: ${call} }).`,
    ),
  );
}

const uniformWithin = (limit: (fanIn: number, fanOut: number) => number): Make => {
  return (key, shape, fanIn, fanOut, dtype) => {
    const high = limit(fanIn, fanOut);
    return random.uniform(key, shape, { low: -high, high, dtype });
  };
};

const normalOf = (variance: (fanIn: number, fanOut: number) => number): Make => {
  return (key, shape, fanIn, fanOut, dtype) =>
    random.normal(key, shape, { deviation: Math.sqrt(variance(fanIn, fanOut)), dtype });
};

/**
 * Uniform on ±√(6 / (in + out)), so that the variance is 2 / (in + out): for tanh and sigmoid layers.
 * X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 16.
 */
export const glorotUniform: Initializer = /* @__PURE__ */ named(
  { name: "glorotUniform" },
  uniformWithin((fanIn, fanOut) => Math.sqrt(6 / Math.max(1, fanIn + fanOut))),
);

/** Normal with variance 2 / (in + out); Glorot and Bengio 2010, eq. 12. */
export const glorotNormal: Initializer = /* @__PURE__ */ named(
  { name: "glorotNormal" },
  normalOf((fanIn, fanOut) => 2 / Math.max(1, fanIn + fanOut)),
);

/** Uniform on ±√(6 / in), so that the variance is 2 / in: for relu layers. He et al. 2015, see heNormal. */
export const heUniform: Initializer = /* @__PURE__ */ named(
  { name: "heUniform" },
  uniformWithin((fanIn) => Math.sqrt(6 / Math.max(1, fanIn))),
);

/**
 * Normal with variance 2 / in: for relu layers. K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers:
 * surpassing human-level performance on ImageNet classification", 2015, eq. 10.
 */
export const heNormal: Initializer = /* @__PURE__ */ named(
  { name: "heNormal" },
  normalOf((fanIn) => 2 / Math.max(1, fanIn)),
);

/**
 * Uniform on ±√(3 / in), so that the variance is 1 / in: for linear layers and selu. Y. LeCun, L. Bottou, G. B. Orr and
 * K.-R. Müller, "Efficient BackProp", 1998, eq. 16.
 */
export const lecunUniform: Initializer = /* @__PURE__ */ named(
  { name: "lecunUniform" },
  uniformWithin((fanIn) => Math.sqrt(3 / Math.max(1, fanIn))),
);

/** Normal with variance 1 / in; LeCun et al. 1998, eq. 16. */
export const lecunNormal: Initializer = /* @__PURE__ */ named(
  { name: "lecunNormal" },
  normalOf((fanIn) => 1 / Math.max(1, fanIn)),
);

/** All 0: for biases. */
export const zeros: Initializer = /* @__PURE__ */ named({ name: "zeros" }, (_key, shape, _in, _out, dtype) =>
  full(shape, 0, dtype),
);

/** All 1. */
export const ones: Initializer = /* @__PURE__ */ named({ name: "ones" }, (_key, shape, _in, _out, dtype) =>
  full(shape, 1, dtype),
);

/** All equal to one number. Not the schedule of the same name, which is in `chainrule/optim`. */
export function constant(value: number, options?: Readonly<Record<string, never>>): Initializer {
  checkCalled("constant(0.1)", value);
  checkOptions("constant (the initializer)", options, []);
  checkNumber("constant", "the value", value);
  return named({ name: "constant", value }, (_key, shape, _in, _out, dtype) => full(shape, value, dtype));
}

/** Uniform on [low, high), default [−0.05, 0.05). */
export function uniform(options: { readonly low?: number; readonly high?: number } = {}): Initializer {
  checkCalled("uniform()", options);
  checkOptions("uniform", options, ["low", "high"]);
  const { low = -0.05, high = 0.05 } = options;
  checkNumber("uniform", "low", low);
  checkNumber("uniform", "high", high, { above: low });
  return named({ name: "uniform", low, high }, (key, shape, _in, _out, dtype) =>
    random.uniform(key, shape, { low, high, dtype }),
  );
}

/** Normal with a mean (default 0) and a standard deviation (default 0.05). */
export function normal(options: { readonly mean?: number; readonly deviation?: number } = {}): Initializer {
  checkCalled("normal()", options);
  checkOptions("normal", options, ["mean", "deviation"]);
  const { mean = 0, deviation = 0.05 } = options;
  checkNumber("normal", "mean", mean);
  checkNumber("normal", "deviation", deviation, { above: 0 });
  return named({ name: "normal", mean, deviation }, (key, shape, _in, _out, dtype) =>
    random.normal(key, shape, { mean, deviation, dtype }),
  );
}

/**
 * `gain` times a random orthogonal matrix W, all of which are equally likely: WᵀW = gain²·I, or W·Wᵀ where there are more
 * outputs than inputs. So a linear layer keeps lengths, and not on average only. A shape [.., in, out] is taken as the matrix
 * [.. · in, out]. A. M. Saxe, J. L. McClelland and S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
 * linear neural networks", 2014.
 *
 * It is Q of Q·R = G with a normal matrix G, the diagonal of R being positive: with the signs as a program happens to give
 * them, some matrices would be more likely than others (F. Mezzadri, "How to generate random matrices from the classical
 * compact groups", 2007).
 *
 * @throws RangeError for a gain that is not a positive number; ShapeError for a parameter with fewer than 2 dimensions
 */
export function orthogonal(options: { readonly gain?: number } = {}): Initializer {
  checkCalled("orthogonal()", options);
  checkOptions("orthogonal", options, ["gain"]);
  const gain = checkNumber("orthogonal", "gain", options.gain ?? 1, { above: 0 });
  return named({ name: "orthogonal", gain }, (key, shape, _in, _out, dtype) => {
    const [rows, columns] = [sizeOf(shape.slice(0, -1)), shape.at(-1) as number];
    if (shape.length < 2) {
      throw new ShapeError(
        located(`orthogonal: a parameter of shape ${formatShape(shape)} is no matrix; use zeros or normal(…) for it.`),
      );
    }
    const tall = rows >= columns;
    const vectors = random.normal(key, tall ? [columns, rows] : [rows, columns], { dtype });
    const q = orthonormalRows(vectors);
    return (tall ? q.transpose() : q).mul(gain).reshape(shape);
  });
}

/** How an initializer is written in a model file. */
export const initializerConfig = (initializer: Initializer): JsonObject =>
  initializer.spec ?? { name: "custom", function: initializer.name };

const settings = (config: JsonObject): JsonObject => {
  const { name: _, ...rest } = config;
  return rest;
};

const makers: Record<string, (config: JsonObject) => Initializer> = {
  glorotUniform: () => glorotUniform,
  glorotNormal: () => glorotNormal,
  heUniform: () => heUniform,
  heNormal: () => heNormal,
  lecunUniform: () => lecunUniform,
  lecunNormal: () => lecunNormal,
  orthogonal: (config) => orthogonal(settings(config)),
  zeros: () => zeros,
  ones: () => ones,
  constant: ({ value }) => constant(value as number),
  uniform: (config) => uniform(settings(config)),
  normal: (config) => normal(settings(config)),
  custom: (config) => () => {
    throw new Error(
      `This parameter's initializer was the function "${String(config.function)}" of the program that saved the model, ` +
        "and is not in the file. Load the weights, or set the parameter's field initializer.",
    );
  },
};

/** The initializer that `initializerConfig` wrote. @throws TypeError for an unknown one */
export function makeInitializer(config: JsonObject): Initializer {
  const maker = Object.hasOwn(makers, String(config.name)) ? makers[String(config.name)] : undefined;
  if (maker === undefined) {
    throw new TypeError(
      `Unknown initializer ${JSON.stringify(config.name)}; there are ${Object.keys(makers).join(", ")}.`,
    );
  }
  const made = maker(config);
  return made.spec === undefined ? Object.assign(made, { spec: config }) : made;
}
