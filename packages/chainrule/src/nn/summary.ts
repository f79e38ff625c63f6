/** A model's layers as a table. */
import { withBoxes } from "../graph/box.ts";
import { traceFunction } from "../graph/trace.ts";
import { checkInputShape, describeValue } from "../tensor/options.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { textTable } from "../tensor/table.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type LayerCall, pathOf, watchCalls } from "./calls.ts";
import { nodeFlops } from "./flops.ts";
import { evaluation } from "./mode.ts";
import { Module, typeOf, variablesOf } from "./module.ts";
import { params } from "./params.ts";

/** One layer of a model; what is inside its own layers is not counted here. */
export interface SummaryRow {
  /** Where it is in the model: "0", "encoder.1"; "" for the model itself. */
  readonly path: string;
  /** "dense", "relu", the name of a class or of a function. */
  readonly type: string;
  /** The shape of its result; undefined if that is no tensor. */
  readonly outputShape: Shape | undefined;
  /** Numbers that are trained. Those of a layer that stands at several places count at the first. */
  readonly parameters: number;
  /** Operations on floats in one forward pass of the given shape. */
  readonly flops: number;
}

export interface Summary {
  readonly inputShape: Shape;
  readonly rows: readonly SummaryRow[];
  /** Of the whole model. */
  readonly parameters: number;
  readonly flops: number;
  /** The table. */
  toString(): string;
}

/**
 * The layers of a model with their output shapes, parameters and FLOPs, found by tracing it once on an input of the given
 * shape; nothing is computed. A product [m, k]·[k, n] counts 2·m·n·k FLOPs, any other operation 1 for each element.
 *
 * @param inputShape the shape of the input as the model gets it, with the batch: [1, 784] for one example
 * @throws TypeError, RangeError for what is no model or no shape; the model's own errors for a shape that does not fit
 * @example
 * ```ts
 * import { dense, relu, sequential, summary } from "chainrule/nn";
 * const { parameters, rows } = summary(sequential(dense(784, 128), relu, dense(128, 10)), [1, 784]);
 * parameters; // → 101770
 * rows.map((row) => row.flops); // → [ 200832, 256, 2570 ]
 * ```
 */
export function summary(model: Module<[Tensor], unknown>, inputShape: Shape): Summary {
  if (!((model as unknown) instanceof Module)) {
    throw new TypeError(`summary: takes a model, such as sequential(…), not ${describeValue(model)}.`);
  }
  checkInputShape("summary", inputShape);
  const all = params(model);
  const dtype = Object.values(all)[0]?.dtype ?? "float32";
  const calls: LayerCall[] = [];
  // The variables as inputs of the graph: those that have no value yet need none for this.
  const variables = [...variablesOf(model).values()];
  const { graph } = traceFunction(
    (x, ...values) => {
      const call = (): unknown => evaluation(() => model(x as Tensor));
      const y = watchCalls(
        (told) => calls.push(told),
        () => withBoxes(variables, values, call),
      );
      return y instanceof Tensor ? [y] : [];
    },
    [{ shape: inputShape, dtype }, ...variables],
  );
  const layers = byPath(calls);
  const parameters = counted(
    Object.entries(all).map(([name, param]) => [holderOf(name, layers), sizeOf(param.shape)] as const),
  );
  const flops = counted(graph.nodes.map((node) => [pathOf(node.scope), nodeFlops(node)] as const));
  const rows = [...layers].map(([path, { layer, output }]) => ({
    path,
    type: layer instanceof Module ? typeOf(layer) : layer.name || "function",
    outputShape: output instanceof Tensor ? output.shape : undefined,
    parameters: parameters.get(path) ?? 0,
    flops: flops.get(path) ?? 0,
  }));
  return new Table(
    inputShape,
    rows.filter((row) => isTold(row, layers)),
  );
}

class Table implements Summary {
  readonly inputShape: Shape;
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  readonly flops: number;

  constructor(inputShape: Shape, rows: readonly SummaryRow[]) {
    this.inputShape = [...inputShape];
    this.rows = rows;
    this.parameters = rows.reduce((sum, row) => sum + row.parameters, 0);
    this.flops = rows.reduce((sum, row) => sum + row.flops, 0);
  }

  toString(): string {
    const count = (n: number): string => n.toLocaleString("en-US");
    const rows = this.rows.map(({ path, type, outputShape, parameters, flops }) => [
      path === "" ? type : `${path} (${type})`,
      outputShape === undefined ? "" : formatShape(outputShape),
      count(parameters),
      count(flops),
    ]);
    const input = ["input", formatShape(this.inputShape), "", ""];
    const total = ["total", "", count(this.parameters), count(this.flops)];
    return textTable(["layer", "output shape", "parameters", "FLOPs"], [input, ...rows, total], [0, 1]);
  }
}

/** The layers by their paths, in the order of their calls; a module and the functions that it calls itself are one. */
function byPath(calls: readonly LayerCall[]): Map<string, LayerCall> {
  const layers = new Map<string, LayerCall>();
  for (const call of calls) {
    if (call.layer instanceof Module || !(layers.get(call.path)?.layer instanceof Module)) layers.set(call.path, call);
  }
  return layers;
}

/** The innermost layer that holds a parameter. */
function holderOf(name: string, layers: ReadonlyMap<string, LayerCall>): string {
  for (let end = name.lastIndexOf("."); end > 0; end = name.lastIndexOf(".", end - 1)) {
    if (layers.has(name.slice(0, end))) return name.slice(0, end);
  }
  return "";
}

function counted(entries: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}

/** A module that only calls others has nothing to tell of its own. */
function isTold({ path, parameters, flops }: SummaryRow, layers: ReadonlyMap<string, LayerCall>): boolean {
  const inside = path === "" ? layers.size > 1 : [...layers.keys()].some((other) => other.startsWith(`${path}.`));
  return !inside || parameters + flops > 0;
}
