/** Modules: callable objects that hold parameters, states and other modules. */
import { withScope } from "../graph/scope.ts";
import type { JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { DEFAULT_SEED, fill, Variable, withProvider } from "./param.ts";

/** A module is called like a function: `model(x)` runs `forward` and names the layer in error messages. */
export interface Module<A extends unknown[] = [Tensor], R = Tensor> {
  (...args: A): R;
  /** The name of the class, unless set. */
  name: string;
}

/**
 * The base of all layers and models. A subclass holds its parameters and its layers in public fields (or in arrays or
 * plain objects there) and says in `forward` what it computes.
 *
 * @example
 * ```ts
 * import type { Tensor } from "chainrule";
 * import { dense, Module, tanh } from "chainrule/nn";
 *
 * class Residual extends Module {
 *   inner = dense(8, 8);
 *   forward(x: Tensor): Tensor {
 *     return x.add(tanh(this.inner(x)));
 *   }
 * }
 * const layer = new Residual(); // layer(x) calls forward
 * ```
 */
export abstract class Module<A extends unknown[] = [Tensor], R = Tensor> {
  static {
    // Instances are functions, so that call, apply and bind, which their type has, are there.
    Object.setPrototypeOf(Module.prototype, Function.prototype);
  }

  constructor() {
    const self = ((...args: A): R => run(self, args)) as Module<A, R>;
    // A function's own name and length are read-only; a subclass may well have fields of these names.
    Object.defineProperty(self, "name", { value: new.target.name, writable: true });
    Object.defineProperty(self, "length", { writable: true });
    // biome-ignore lint/correctness/noConstructorReturn: what makes a module callable
    return Object.setPrototypeOf(self, new.target.prototype) as this;
  }

  /** What the module computes. */
  abstract forward(...args: A): R;

  /** The settings from which `build` makes the module again, as plain JSON; parameters and layers are not among them. */
  config(): JsonObject {
    return {};
  }

  /** @internal What the module holds, with its keys: by default its public fields. */
  members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this);
  }
}

/** Any module, whatever it takes and gives. */
export type AnyModule = Module<never[], unknown>;

/** The modules that are being called, outermost first. */
const calls: AnyModule[] = [];

function run<A extends unknown[], R>(module: Module<A, R>, args: A): R {
  const parent = calls.at(-1);
  const key = parent === undefined ? undefined : keyOf(parent, module);
  const label = typeOf(module);
  const forward = (): R => module.forward(...args);
  // A module that no other holds is a root: it gives its variables their values when one is first read.
  const filled =
    key === undefined ? () => withProvider(() => fill(variablesOf(module), DEFAULT_SEED, true), forward) : forward;
  calls.push(module);
  try {
    return withScope(key === undefined ? label : `${key} (${label})`, filled);
  } finally {
    calls.pop();
  }
}

const keyOf = (parent: AnyModule, child: AnyModule): string | undefined =>
  [...partsOf(parent)].find(([, part]) => part === child)?.[0];

/** The name under which a class is registered (its static `type`), else the name of the class. */
export function typeOf(module: AnyModule): string {
  const { constructor } = module;
  const type: unknown = Object.hasOwn(constructor, "type") ? (constructor as { type?: unknown }).type : undefined;
  return typeof type === "string" ? type : constructor.name;
}

/** What counts as part of a module; functions are activations and the like. */
export type Part = Variable | AnyModule | ((...args: never[]) => unknown);

/** The variables, modules and functions that a module holds itself, with dotted keys where they are in arrays or objects. */
export function* partsOf(module: AnyModule): Generator<readonly [string, Part]> {
  for (const [key, value] of module.members()) yield* partsIn(key, value);
}

function* partsIn(key: string, value: unknown): Generator<readonly [string, Part]> {
  if (value instanceof Variable || typeof value === "function") {
    yield [key, value as Part];
  } else if (Array.isArray(value) || isPlainObject(value)) {
    for (const [inner, item] of Object.entries(value)) yield* partsIn(`${key}.${inner}`, item);
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** All variables of a module and of those it holds, by dotted names; one that is held twice, under its first name. */
export function variablesOf(module: AnyModule): Map<string, Variable> {
  const found = new Map<string, Variable>();
  const seen = new Set<Part>();
  const walk = (holder: AnyModule, prefix: string): void => {
    for (const [key, part] of partsOf(holder)) {
      if (seen.has(part)) continue;
      seen.add(part);
      if (part instanceof Variable) found.set(prefix + key, part);
      else if (part instanceof Module) walk(part, `${prefix + key}.`);
    }
  };
  walk(module, "");
  return found;
}
