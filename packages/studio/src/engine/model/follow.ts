/** One row on its way through a model, forward and backward. */
import { type Tensor, tensor } from "chainrule";
import { type Task, type TaskKind, task } from "chainrule/nn";
import { Refusal } from "../../state/index.ts";
import { type FlowTrace, flowTrace } from "../flow/index.ts";
import type { Opened } from "./open.ts";
import { encode } from "./try.ts";
import type { Case, Reading } from "./types.ts";

const KIND: Readonly<Record<Reading, TaskKind>> = {
  classes: "classification",
  binary: "binary",
  values: "regression",
};

/** With the loss that belongs to the task of the model, or to what its outputs seem to be. @throws Refusal */
export function followRow(opened: Opened, { input, target }: Case): FlowTrace {
  const { x } = encode(opened, input);
  const { loss } = taskOf(opened);
  return flowTrace({ model: opened.network, loss, x, y: targetOf(opened, target, x), mode: "evaluation" });
}

/** What its outputs are for, with the loss that belongs to it. */
export function taskOf({ facts: { reading }, ends }: Opened): Task {
  const kind = KIND[reading];
  return task(kind, kind === "regression" ? {} : { from: ends });
}

/** What would be right, as the loss takes it. @throws Refusal */
export function targetOf({ facts: { reading, classes, outputs }, table }: Opened, target: number, x: Tensor): Tensor {
  if (!Number.isFinite(target) || (reading !== "values" && classes[target] === undefined))
    throw new Refusal("There is no such class.");
  if (reading === "classes") return tensor([target], { dtype: "int32" });
  const encoder = table?.target;
  const number = encoder === undefined || reading === "binary" ? target : (target - encoder.mean) / encoder.deviation;
  return tensor(new Float32Array(outputs).fill(number), { shape: [1, outputs] }).cast(x.dtype);
}
