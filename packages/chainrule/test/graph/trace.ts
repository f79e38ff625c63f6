/** Graphs for tests. */

import { type Graph, traceFunction, verifyGraph } from "../../src/graph/index.ts";
import type { Shape, Tensor } from "../../src/index.ts";

/** The verified graph of a function of float32 tensors of the given shapes. */
export function trace(f: (...args: Tensor[]) => Tensor | readonly Tensor[], ...shapes: readonly Shape[]): Graph {
  const { graph } = traceFunction(
    (...args) => {
      const result = f(...args);
      return Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
    },
    shapes.map((shape) => ({ shape, dtype: "float32" })),
  );
  verifyGraph(graph);
  return graph;
}

/** The error that a function throws. */
export function errorOf(f: () => unknown): Error {
  try {
    f();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("expected an error, and none was thrown");
}
