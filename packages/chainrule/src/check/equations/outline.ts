/** What the equations of a network are made from: its graph, the layers in it, and, with an example, its numbers. */

import { type Box, withBoxes } from "../../graph/box.ts";
import { located, TraceError } from "../../graph/errors.ts";
import { type Mode, withMode } from "../../graph/mode.ts";
import type { Node } from "../../graph/node.ts";
import { traceFunction } from "../../graph/trace.ts";
import { type Param, params } from "../../nn/index.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { passThrough } from "../flow/backprop.ts";
import { type FunctionTrace, functionsOf, type LayerTrace, layersOf, tensorsOf, watchLayers } from "../flow/layers.ts";
import type { LossFunction, Model } from "../subject.ts";

/** The values of an example, and the derivatives of its loss. */
export interface Numbers {
  readonly loss: Tensor;
  value(node: Node): Tensor;
  cotangent(node: Node): Tensor;
  /** The derivative of the sum of `of` by `by`. */
  slope(of: Node, by: Node): Tensor;
  /** ∂of/∂by for each, all else fixed. */
  jacobian(of: Node, by: readonly Node[]): Tensor[];
}

export interface Outline {
  /** undefined if the model does not read it. */
  readonly x: Node | undefined;
  readonly output: Node;
  readonly layers: readonly LayerTrace<Node>[];
  readonly functions: readonly FunctionTrace<Node>[];
  /** The nodes of parameters, with their names in the model. */
  readonly parameters: ReadonlyMap<Node, string>;
  nodeOf(param: Box): Node | undefined;
  readonly numbers: Numbers | undefined;
}

/** Traces a model on an input of that type, and looks at what it calls. */
export function outlineOf(model: Model, shape: Shape, dtype: DType, mode: Mode): Outline {
  const own = params(model);
  const boxes = Object.values(own);
  let [layers, functions]: [LayerTrace[], FunctionTrace[]] = [[], []];
  const { graph } = traceFunction(
    (...values) => {
      const seen = watchLayers(() =>
        withBoxes(boxes, values, () => withMode(mode, () => model(values.at(-1) as Tensor))),
      );
      if (!((seen.value as unknown) instanceof Tensor)) {
        throw new TraceError(located("explain: the model must give one tensor."));
      }
      [layers, functions] = [seen.layers, seen.functions];
      return [seen.value, ...tensorsOf(layers, functions)];
    },
    // Reading a value gives it to a parameter that has none.
    [...boxes.map((box) => box.value), { shape, dtype }],
  );
  const nodes = new Map(tensorsOf(layers, functions).map((t, i) => [t, graph.outputs[i + 1] as Node]));
  const node = (t: Tensor): Node => nodes.get(t) as Node;
  return {
    x: graph.inputs[boxes.length],
    output: graph.outputs[0] as Node,
    layers: layersOf(layers, node),
    functions: functionsOf(functions, node),
    parameters: new Map(Object.keys(own).map((name, i) => [graph.inputs[i] as Node, name])),
    nodeOf: (param) => graph.inputs[boxes.indexOf(param as Param)],
    numbers: undefined,
  };
}

/** The same of the pass that `backprop` makes, with its numbers. */
export function outlineWithNumbers(model: Model, loss: LossFunction, x: Tensor, y: Tensor, mode: Mode): Outline {
  const passed = passThrough(model, loss, x, y, mode);
  const { layers, functions, graph, names, boxes, value, cotangent, slope, jacobian } = passed;
  return {
    x: passed.x,
    output: passed.prediction,
    layers,
    functions,
    parameters: new Map(boxes.map((_, i) => [graph.inputs[i] as Node, names[i] as string])),
    nodeOf: (param) => graph.inputs[boxes.indexOf(param)],
    numbers: { loss: value(passed.loss), value, cotangent, slope, jacobian },
  };
}
