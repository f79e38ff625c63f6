/** Tracing of functions that read and write boxes. */

import type { Tensor } from "../tensor/tensor.ts";
import type { Box } from "./box.ts";
import type { Aval } from "./node.ts";
import { Trace, type TracedFunction, traceFunction } from "./trace.ts";

/** A function traced to a graph whose inputs are its arguments, the boxes that it read, and the captured tensors. */
export interface StatefulFunction extends TracedFunction {
  /** Boxes that the function read before it wrote them, in the order of their inputs. */
  readonly read: readonly Box[];
}

/** `traceFunction`, with each box that is read as an input of the graph. */
export function traceWithBoxes(f: (...args: Tensor[]) => readonly Tensor[], avals: readonly Aval[]): StatefulFunction {
  const boxes = new Map<Box, Tensor>();
  const trace: Trace = new Trace((box) => {
    const known = boxes.get(box);
    if (known !== undefined) return known;
    const { shape, dtype } = box.concrete;
    const input = trace.input({ shape, dtype });
    boxes.set(box, input);
    return input;
  });
  return { ...traceFunction(f, avals, trace), read: [...boxes.keys()] };
}
