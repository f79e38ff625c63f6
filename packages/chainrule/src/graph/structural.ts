/** The two node kinds that compute nothing: an input of a graph, and one of several results of a node. */
import type { Attrs, Aval } from "./node.ts";
import type { Primitive } from "./primitive.ts";

const internal = (name: string, doc: string): Primitive<Attrs> => ({
  name,
  doc,
  onnx: null,
  infer(inputs: readonly Aval[]) {
    return inputs[0] as Aval;
  },
  lowering: { kind: "structural" },
  batch: () => {
    throw new Error(`${name} is handled by the transform itself`);
  },
  samples: () => [],
});

export const INPUT = internal("input", "An input of a graph.");

/** attrs.index says which result. */
export const PICK = internal("pick", "One of the results of a node that has several.");
