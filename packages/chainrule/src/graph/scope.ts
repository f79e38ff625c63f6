/** The path of the layer that is being called, for error messages and for the names of kernels. */

const stack: string[] = [];

/** Runs `f` with `name` appended to the layer path. */
export function withScope<T>(name: string, f: () => T): T {
  stack.push(name);
  try {
    return f();
  } finally {
    stack.pop();
  }
}

/** "encoder.0 (dense)", or "" outside of any layer. */
export const currentScope = (): string => stack.join(".");

/** Runs `f` with the layer path that a node was made under. */
export function atScope<T>(path: string, f: () => T): T {
  const held = stack.splice(0, stack.length, ...(path === "" ? [] : [path]));
  try {
    return f();
  } finally {
    stack.splice(0, stack.length, ...held);
  }
}
