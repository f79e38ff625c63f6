/** The layers of a network as its equations need them: which feed which, with shapes. */

import { located, TraceError } from "../../graph/errors.ts";
import { type Mode, withMode } from "../../graph/mode.ts";
import type { Node } from "../../graph/node.ts";
import { traceFunction } from "../../graph/trace.ts";
import { params } from "../../nn/index.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type LayerTrace, layersOf, watchLayers } from "../flow/layers.ts";
import type { Model } from "../subject.ts";

export interface OutlineLayer {
  readonly layer: LayerTrace<Node>;
  /** Where its input comes from: the model's, the activation of a layer by position, or something computed in between. */
  readonly from: "x" | number | "between";
  /** The layers, by position, that take its activation, if nothing else does. */
  readonly next: readonly number[] | undefined;
}

export interface Outline {
  readonly x: Node;
  readonly output: Node;
  readonly layers: readonly OutlineLayer[];
}

/** Traces a model on an input of that type, and looks at what it calls. */
export function outlineOf(model: Model, shape: Shape, dtype: DType, mode: Mode): Outline {
  params(model); // gives parameters that have none their values
  let traced: LayerTrace[] = [];
  const { graph } = traceFunction(
    (x) => {
      const { value, layers } = watchLayers(() => withMode(mode, () => model(x as Tensor)));
      if (!((value as unknown) instanceof Tensor)) {
        throw new TraceError(located("explain: the model must give one tensor."));
      }
      traced = layers;
      return [value, ...layers.flatMap(({ input, z, a }) => [input, z, a])];
    },
    [{ shape, dtype }],
  );
  const nodes = new Map(
    traced.flatMap(({ input, z, a }) => [input, z, a]).map((t, i) => [t, graph.outputs[i + 1] as Node]),
  );
  const [x, output] = [graph.inputs[0] as Node, graph.outputs[0] as Node];
  const layers = layersOf(traced, (t) => nodes.get(t) as Node);
  const uses = (node: Node): number => graph.nodes.filter(({ inputs }) => inputs.includes(node)).length;
  return {
    x,
    output,
    layers: layers.map((layer, i) => {
      const before = layers.findLastIndex(({ a }, j) => j < i && a === layer.input);
      const next = layers.flatMap(({ input }, j) => (input === layer.a && j > i ? [j] : []));
      return {
        layer,
        from: layer.input === x ? "x" : before >= 0 ? before : "between",
        next: uses(layer.a) === next.length ? next : undefined,
      };
    }),
  };
}
