/** Watching which layers a model calls, with what each is given and what it makes: for what shows a model's inside. */
import { currentScope } from "../graph/scope.ts";
import type { LayerFunction } from "./layer-function.ts";
import type { AnyModule } from "./module.ts";

/** One call of a layer, told when it has ended; so the parts of a module come before it. */
export interface LayerCall {
  readonly layer: AnyModule | LayerFunction;
  /** Where it is in the model, as in the names of parameters: "0", "encoder.1"; "" for the model itself. */
  readonly path: string;
  readonly inputs: readonly unknown[];
  readonly output: unknown;
}

let watcher: ((call: LayerCall) => void) | undefined;

/** Runs `f`; `see` is told of every layer that it calls. */
export function watchCalls<T>(see: (call: LayerCall) => void, f: () => T): T {
  const before = watcher;
  watcher = see;
  try {
    return f();
  } finally {
    watcher = before;
  }
}

/** Tells of a call that has ended, inside the layer's scope. */
export function tellCall(layer: AnyModule | LayerFunction, inputs: readonly unknown[], output: unknown): void {
  if (watcher === undefined) return;
  // "sequential.0 (dense)" is the root's type, then key and type of each part.
  const path = currentScope()
    .replace(/ \([^()]*\)/g, "")
    .replace(/^[^.]*\.?/, "");
  watcher({ layer, path, inputs, output });
}
