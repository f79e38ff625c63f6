/** The graph of all operations between the parameters and the loss. */
import { zerosLike } from "chainrule";
import { flowGraph } from "chainrule/check";
import { type Batch, drawnBatch, type OpenedModel } from "../../model-file/index.ts";
import type { FollowedRow } from "./row.ts";
import type { GraphForm } from "./run.ts";

/** With all values and gradients where there is a row, and else without: the input is 0 then. */
export function describeGraph(
  opened: OpenedModel,
  row: FollowedRow | undefined,
  form: GraphForm,
  inputShape: readonly number[] | undefined,
): string {
  const { x, y, loss } = row ?? blank(opened, inputShape);
  const graph = flowGraph(opened.network, loss, x, y);
  if (row !== undefined) graph.run();
  if (form === "dot") return graph.toDot();
  return form === "json" ? JSON.stringify(graph) : String(graph);
}

/** An example of nothing but zeros. */
function blank(opened: OpenedModel, inputShape: readonly number[] | undefined): Batch {
  const { x, y, loss } = drawnBatch(opened, { rows: 1, seed: 0, ...(inputShape === undefined ? {} : { inputShape }) });
  return { x: zerosLike(x), y: zerosLike(y), loss };
}
