/** Numbers to try a network on: rows of a table as its model encodes them, or drawn from a seed. */
import { type DType, random, type Tensor, tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import { type Module, params, type Summary, summary, type TaskKind, task } from "chainrule/nn";
import { isMissing, type Table, type TableModel } from "chainrule/table";
import { Failure, messageOf } from "../failure.ts";
import type { OpenedModel } from "./index.ts";

/** Inputs and targets of a network, with the loss that takes them. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly loss: Loss;
}

/** Rows of a table. @throws CellError, DataError for rows that do not fit */
export const encodedBatch = (model: TableModel, table: Table): Batch => ({
  x: model.input.apply(table),
  y: model.target.encode(table.column(model.target.name)),
  loss: task(model.task).loss,
});

/** Some rows, spread evenly over those that have a target. */
export function spreadRows(table: Table, target: string, most: number): number[] {
  const there = table.column(target).flatMap((cell, row) => (isMissing(cell) ? [] : [row]));
  const count = Math.min(most, there.length);
  return Array.from({ length: count }, (_, i) => there[Math.floor((i * there.length) / count)] as number);
}

export interface DrawOptions {
  readonly rows: number;
  readonly seed: number;
  /** Of a plain network: the shape of one example, where it does not follow from the first layer. */
  readonly inputShape?: readonly number[];
  /** Of a plain network: what its outputs are, where the last layer does not tell. */
  readonly task?: TaskKind;
}

/** Numbers that stand in for data, and how they came about. */
export interface DrawnBatch extends Batch {
  readonly task: TaskKind;
}

/** Normally distributed inputs, and targets of the task's kind, from a seed. @throws Failure for a shape that does not fit */
export function drawnBatch(opened: OpenedModel, { rows, seed, inputShape, task: told }: DrawOptions): DrawnBatch {
  const { network, table } = opened;
  const { inputShape: shape, rows: layers } = summaryOf(opened, inputShape, rows);
  const dtype = Object.values(params(network))[0]?.dtype ?? "float32";
  const x = random.normal(random.key(seed), shape, { dtype });
  if (table !== undefined) {
    const outputs = [rows, table.target.outputs];
    return { x, y: targets(table.task, outputs, seed, dtype), loss: task(table.task).loss, task: table.task };
  }
  const outputs = layers.at(-1)?.outputShape ?? [];
  const last = layers.at(-1)?.type;
  const ends = last === "softmax" ? "classification" : last === "sigmoid" ? "binary" : undefined;
  const kind = told ?? ends ?? (outputs.length === 2 && (outputs[1] as number) > 1 ? "classification" : "regression");
  if (kind === "classification" && outputs.length !== 2) {
    throw new Failure(
      `--task classification: the network gives ${outputs.length} dimensions, and classes are told from two, [rows, classes]. Use --task regression.`,
    );
  }
  const { loss } = task(kind, { from: kind === ends ? "probabilities" : "logits" });
  return { x, y: targets(kind, outputs, seed, dtype), loss, task: kind };
}

/** Classes in turn; 0 and 1 in turn; or normal numbers. */
function targets(kind: TaskKind, outputs: readonly number[], seed: number, dtype: DType): Tensor {
  const [rows = 0, width = 1] = outputs;
  if (kind === "classification") return tensor(Int32Array.from({ length: rows }, (_, i) => i % width));
  if (kind === "regression") return random.normal(random.key(seed + 1), outputs, { dtype });
  const size = outputs.reduce((product, extent) => product * extent, 1);
  const turns = Float32Array.from({ length: size }, (_, i) => i % 2);
  return tensor(turns, { shape: outputs }).cast(dtype);
}

/**
 * The layers, for so many examples.
 *
 * @param inputShape of one example; by default what the first layer takes
 * @throws Failure for a shape that does not fit, or where none follows from the model
 */
export function summaryOf({ network, table, name }: OpenedModel, inputShape?: readonly number[], rows = 1): Summary {
  const shape = table === undefined ? (inputShape ?? firstExtents(network)) : [table.input.features.length];
  try {
    if (shape !== undefined) return summary(network, [rows, ...shape]);
  } catch (error) {
    if (inputShape !== undefined)
      throw new Failure(
        `--input-shape ${inputShape.join(",")} does not fit ${name}: ${messageOf(error).split("\n")[0]}`,
      );
  }
  throw new Failure(
    `What ${name} takes does not follow from its first layer. Say the shape of one example, without the batch, such as --input-shape 28,28,1.`,
  );
}

/** The rows of a weight matrix, or the length of a vector of scales. */
function firstExtents(network: Module): readonly number[] | undefined {
  const first = Object.values(params(network))[0]?.shape;
  return first === undefined || first.length === 0 || first.length > 2 ? undefined : [first[0] as number];
}
