/** Doing things to a model that leave no trace. */
import { type AnyModule, initialize, params, states } from "../nn/index.ts";

/** Remembers all parameters and states; the function that it gives puts them back. */
export function remember(model: AnyModule): () => void {
  initialize(model, { missingOnly: true });
  const before = [...Object.values(params(model)), ...Object.values(states(model))].map((variable) => ({
    variable,
    value: variable.value,
    provisional: variable.provisional,
  }));
  // A value that nobody asked for still gives way to a seed that is named later.
  return () => {
    for (const { variable, value, provisional } of before) variable.begin(value, provisional);
  };
}

/** Runs `f`, which may train the model or set its parameters, then gives all of them back what they held. */
export function untouched<T>(model: AnyModule, f: () => T): T {
  const restore = remember(model);
  try {
    return f();
  } finally {
    restore();
  }
}
