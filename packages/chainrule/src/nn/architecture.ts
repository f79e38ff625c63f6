/** Models as JSON: what they are made of, without their parameters' values. */
import { describeValue, type Json, type JsonObject } from "../tensor/options.ts";
import * as activations from "./activations.ts";
import { Dense, type DenseOptions } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { type FourierOptions, fourier, interactions, polynomial } from "./features.ts";
import { flatten } from "./flatten.ts";
import { gaussianNoise } from "./gaussian-noise.ts";
import { makeInitializer } from "./initializers.ts";
import { type LayerFunction, specOf } from "./layer-function.ts";
import { type AnyModule, Module, partsOf, typeOf } from "./module.ts";
import { type BatchNormOptions, batchNorm, type LayerNormOptions, layerNorm } from "./normalization.ts";
import { Perceptron } from "./perceptron.ts";
import { prelu } from "./prelu.ts";
import { type Layer, sequential } from "./sequential.ts";

/** A module or a layer function: its registered type, its settings, and the layers it holds by their keys. */
export interface Architecture {
  readonly type: string;
  readonly config: JsonObject;
  readonly layers?: { readonly [key: string]: Architecture };
}

/** Makes a layer from its settings and the layers that it held. */
export type Builder = (config: JsonObject, layers: Readonly<Record<string, Layer>>) => AnyModule | LayerFunction;

/** A layer that stands at an earlier place already, whose path is in its config: both share their parameters. */
const SHARED = "shared";

/** A function that no name is registered for; it can be described, not built. */
const UNNAMED = "function";

const builders = new Map<string, Builder>([
  ["sequential", buildSequential],
  ["dense", (config) => buildDense(config, Dense)],
  ["dropout", ({ rate }) => dropout(rate as number)],
  ["gaussianNoise", ({ deviation }) => gaussianNoise(deviation as number)],
  ["batchNorm", ({ features, ...options }) => batchNorm(features as number, options as BatchNormOptions)],
  ["layerNorm", ({ features, ...options }) => layerNorm(features as number, options as LayerNormOptions)],
  ["flatten", () => flatten()],
  ["perceptron", (config) => buildDense(config, Perceptron)],
  ["prelu", ({ units }) => prelu(units as number)],
  ["polynomial", ({ degree }) => polynomial(degree as number)],
  ["interactions", ({ degree }) => interactions(degree as number)],
  ["fourier", ({ order, ...options }) => fourier(order as number, options as FourierOptions)],
  ["leakyRelu", ({ slope }) => activations.leakyRelu(slope as number)],
  ["elu", ({ alpha }) => activations.elu(alpha as number)],
  ...plainActivations(),
]);

function plainActivations(): [string, Builder][] {
  const { linear, step, relu, relu6, selu, gelu, silu, mish, sigmoid, logSigmoid, tanh, softplus, softsign } =
    activations;
  const { hardSigmoid, hardSwish, hardTanh, softmax, logSoftmax } = activations;
  return [
    ...[linear, step, relu, relu6, selu, gelu, silu, mish, sigmoid, logSigmoid, tanh, softplus, softsign],
    ...[hardSigmoid, hardSwish, hardTanh, softmax, logSoftmax],
  ].map((f) => [f.name, () => f]);
}

function buildDense(
  { in: inputs, out: outputs, weightInit, biasInit, ...rest }: JsonObject,
  Type: typeof Dense,
): Layer {
  return new Type(inputs as number, outputs as number, {
    ...(rest as DenseOptions),
    weightInit: makeInitializer(weightInit as JsonObject),
    biasInit: makeInitializer(biasInit as JsonObject),
  });
}

function buildSequential({ length }: JsonObject, layers: Readonly<Record<string, Layer>>): Layer {
  return sequential(
    ...Array.from({ length: length as number }, (_, i) => {
      const layer = layers[i];
      if (layer === undefined) {
        throw new Error(
          `build: layer ${i} of a sequential model is a function of the program that described it, without a registered ` +
            'name. There, make it a named function and register it: register("name", () => f). Or make the model in code and load its weights only.',
        );
      }
      return layer;
    }),
  );
}

/**
 * Makes a layer of the user's known to model files.
 *
 * @param type for a module the static field `type` of its class, or the name of the class; for a function its name
 * @param builder makes it from what `config()` gave and from the layers that it held
 * @throws Error if the name is taken
 * @example
 * ```ts
 * import type { Tensor } from "chainrule";
 * import { dense, Module, register } from "chainrule/nn";
 *
 * class Residual extends Module {
 *   static readonly type = "residual";
 *   inner: Module;
 *   constructor(inner: Module) {
 *     super();
 *     this.inner = inner;
 *   }
 *   forward(x: Tensor): Tensor {
 *     return x.add(this.inner(x));
 *   }
 * }
 * register("residual", (_config, layers) => new Residual(layers.inner as Module));
 * ```
 */
export function register(type: string, builder: Builder): void {
  if (typeof type !== "string" || type === "")
    throw new TypeError(`register: the name must be a text that is not empty; it is ${describeValue(type)}.`);
  if (typeof builder !== "function")
    throw new TypeError(`register: the builder of "${type}" must be a function; it is ${describeValue(builder)}.`);
  if (builders.has(type) || type === SHARED || type === UNNAMED) {
    throw new Error(`register: the name "${type}" is taken. Choose another for your layer.`);
  }
  builders.set(type, builder);
}

/**
 * The architecture of a model as plain JSON.
 *
 * @throws TypeError if a module's `config()` holds what JSON cannot, or two of its parts have the same name
 */
export function describe(model: AnyModule): Architecture {
  const paths = new Map<AnyModule, string>();
  const walk = (module: AnyModule, path: string): Architecture => {
    const before = paths.get(module);
    if (before !== undefined) return { type: SHARED, config: { path: before } };
    paths.set(module, path);
    const type = typeOf(module);
    const config = module.config();
    checkJson(`${type}.config()`, config);
    const layers: [string, Architecture][] = [];
    const keys = new Set<string>();
    for (const [key, part] of partsOf(module)) {
      if (keys.has(key))
        throw new TypeError(`describe: two parts of ${type} are called "${key}". Rename a field or a key.`);
      keys.add(key);
      if (part instanceof Module) layers.push([key, walk(part, join(path, key))]);
      else if (typeof part === "function") layers.push([key, describeFunction(part as LayerFunction)]);
    }
    return { type, config, ...(layers.length === 0 ? {} : { layers: Object.fromEntries(layers) }) };
  };
  return walk(model, "");
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function describeFunction(f: LayerFunction): Architecture {
  const spec = specOf(f);
  if (spec !== undefined) return spec;
  const { name } = f;
  const builder = builders.get(name);
  // A builder of a plain function takes nothing. Another function may happen to have the name: it must be this very one.
  return builder?.length === 0 && builder({}, {}) === f
    ? { type: name, config: {} }
    : { type: UNNAMED, config: { name } };
}

/**
 * Makes a model from its architecture; its parameters have no values yet.
 *
 * @throws Error that names a layer whose type is not registered
 */
export function build(architecture: Architecture): AnyModule {
  const made = new Map<string, Layer>();
  const walk = (node: Architecture, path: string): Layer => {
    checkNode(node, path);
    if (node.type === SHARED)
      return (
        made.get(String(node.config.path)) ??
        fail(path, `shares a layer "${String(node.config.path)}" that is not there`)
      );
    const layers: Record<string, Layer> = {};
    for (const [key, inner] of Object.entries(node.layers ?? {})) {
      if (inner?.type !== UNNAMED) layers[key] = walk(inner, join(path, key));
    }
    const builder = builders.get(node.type);
    if (builder === undefined) {
      return fail(
        path,
        `is of the type "${node.type}", which is not registered; there are ${[...builders.keys()].join(", ")}. ` +
          `For a layer of your own call register("${node.type}", (config, layers) => …) before`,
      );
    }
    const layer = builder(node.config, layers) as Layer;
    made.set(path, layer);
    return layer;
  };
  const model = walk(architecture, "");
  return model instanceof Module ? model : fail("", "is a function and not a module");
}

function fail(path: string, what: string): never {
  throw new Error(`build: ${path === "" ? "the model" : `layer "${path}"`} ${what}.`);
}

function checkNode(node: unknown, path: string): void {
  const { type, config } = (node ?? {}) as { type?: unknown; config?: unknown };
  if (typeof type !== "string" || typeof config !== "object" || config === null) {
    fail(path, `is not described by { type, config, layers? } but by ${JSON.stringify(node)}`);
  }
}

/** @throws TypeError where JSON would lose something: NaN and infinities, undefined, objects with classes */
function checkJson(path: string, value: unknown): asserts value is Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value) || (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)) {
    for (const [key, item] of Object.entries(value)) checkJson(`${path}.${key}`, item);
    return;
  }
  throw new TypeError(
    `describe: ${path} is ${describeValue(value)}, which JSON cannot hold. Use numbers, strings, booleans, arrays and plain objects.`,
  );
}
