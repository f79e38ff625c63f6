/** All primitives by name. An operation's file registers it; tests, documentation and exporters read the list. */
import type { Attrs } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";

const primitives = new Map<string, Primitive>();

/**
 * Adds a primitive to the list and gives it back. A file that offers its primitive as a function rather than a method of
 * tensors marks the call as pure, and bundlers leave the primitive out where nobody imports the function.
 */
export function register<A extends Attrs>(op: Primitive<A>): Primitive {
  if (primitives.has(op.name)) throw new Error(`There are two primitives named "${op.name}".`);
  primitives.set(op.name, op as Primitive);
  return op as Primitive;
}

export const allPrimitives = (): readonly Primitive[] => [...primitives.values()];

/** A primitive by name, for rules that would otherwise need each other's files. */
export function primitive(name: string): Primitive {
  const op = primitives.get(name);
  if (op === undefined) throw new Error(`There is no primitive named "${name}".`);
  return op;
}
