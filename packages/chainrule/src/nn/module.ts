/** Modules: callable objects that hold parameters, states and other modules. */
import { ChainruleError, located } from "../graph/errors.ts";
import { withScope } from "../graph/scope.ts";
import { activeTraces } from "../graph/trace.ts";
import type { JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { tellCall } from "./calls.ts";
import { fillMissing, Variable, withProvider } from "./param.ts";

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
let calls: readonly AnyModule[] = [];

function during<R>(modules: readonly AnyModule[], f: () => R): R {
  const before = calls;
  calls = modules;
  try {
    return f();
  } finally {
    calls = before;
  }
}

/** Runs `f`, which calls a module with values of its own for its parameters, as if no module were being called. */
export const asRoot = <R>(f: () => R): R => during([], f);

function run<A extends unknown[], R>(module: Module<A, R>, args: A): R {
  const parent = calls.at(-1);
  const key = parent === undefined ? undefined : keyOf(parent, module);
  const label = typeOf(module);
  const forward = (): R => {
    const output = module.forward(...args);
    tellCall(module as AnyModule, args, output);
    return output;
  };
  // A root gives its variables, and so those of all modules inside, their values when one is first read.
  const root = parent === undefined || (key === undefined && !isHeld(module, parent));
  const filled = root ? () => withProvider(() => fillMissing(variablesOf(module)), forward) : forward;
  return during([...calls, module], () => withScope(key === undefined ? label : `${key} (${label})`, filled));
}

/**
 * Whether all variables of a module belong to the modules that are being called too; if not, they are given from outside.
 *
 * @throws ChainruleError if neither is so: they would silently be left out of training and of the model file
 */
function isHeld(module: AnyModule, parent: AnyModule): boolean {
  const own = [...variablesOf(module).values()];
  if (own.length === 0) return true;
  const held = new Set(calls.flatMap((caller) => [...variablesOf(caller).values()]));
  const others = own.filter((variable) => !held.has(variable));
  if (others.length === 0) return true;
  if (others.some((variable) => activeTraces().some((trace) => trace.boxes.has(variable)))) return false;
  throw new ChainruleError(
    located(
      `${typeOf(module)} is called inside ${typeOf(parent)}, which does not hold it in a public field (nor in an array or a plain ` +
        "object there): it would be neither trained nor saved. Keep it in one; a #private field, a Map, a Set or a variable " +
        "outside does not count. To use it as it is, without training, call it through functional(…).",
    ),
  );
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

/**
 * All variables of a module and of those it holds, by dotted names; one that is held twice, under its first name.
 *
 * @throws ChainruleError if two have the same name
 */
export function variablesOf(module: AnyModule): Map<string, Variable> {
  const found = new Map<string, Variable>();
  const seen = new Set<Part>();
  const add = (name: string, variable: Variable): void => {
    if (found.has(name)) {
      throw new ChainruleError(
        `Two variables of ${typeOf(module)} are called "${name}", so that one of them would be neither trained nor saved. ` +
          'Rename a field or a key; a key must not look like a path, "a.b".',
      );
    }
    found.set(name, variable);
  };
  const walk = (holder: AnyModule, prefix: string): void => {
    for (const [key, part] of partsOf(holder)) {
      if (seen.has(part)) continue;
      seen.add(part);
      if (part instanceof Variable) add(prefix + key, part);
      else if (part instanceof Module) walk(part, `${prefix + key}.`);
    }
  };
  walk(module, "");
  return found;
}
