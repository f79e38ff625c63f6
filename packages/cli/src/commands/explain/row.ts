/** One row on its way through a model: the cells, the numbers made of them, the network forwards and backwards, the prediction. */
import type { Tensor } from "chainrule";
import { type BackpropResult, backprop } from "chainrule/check";
import type { Loss } from "chainrule/loss";
import { task } from "chainrule/nn";
import { type Cell, type Decoded, type EncodingNote, isMissing, type TableModel } from "chainrule/table";
import { Failure } from "../../failure.ts";
import type { TableData } from "../../files/index.ts";
import { located } from "../../prepare/index.ts";
import { count, percent } from "../../render/format.ts";
import { figure } from "../../render/numbers.ts";
import { renderTable, wrapLines } from "../../render/table.ts";
import { clipped, label } from "../../render/text.ts";
import { everyNumber } from "./numbers.ts";

/** A row with all that becomes of it. */
export interface FollowedRow {
  readonly model: TableModel;
  /** From 1. */
  readonly number: number;
  readonly file: string;
  /** "line 4" */
  readonly place: string;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly notes: readonly EncodingNote[];
  readonly x: Tensor;
  /** The target; what the model predicts where the row has none. */
  readonly y: Tensor;
  /** As the file has it. */
  readonly actual: Cell | undefined;
  readonly loss: Loss;
  readonly prediction: Decoded;
  readonly passed: BackpropResult;
}

/** @param number of the row among those with data, from 1. @throws Failure where there is none, or it does not fit the model */
export function followRow(model: TableModel, { table, file, place }: TableData, number: number): FollowedRow {
  if (number > table.length)
    throw new Failure(
      `--row ${number}: ${file.name} has ${count(table.length, "row")}. Take one of 1 … ${table.length}.`,
    );
  const one = table.take([number - 1]);
  return located({ name: file.name, place: () => place(number - 1) }, () => {
    const { x, notes } = model.input.encode(one);
    const { target } = model;
    const prediction = target.decode(model.outputs(x));
    const cell = one.names.includes(target.name) ? (one.column(target.name)[0] as Cell) : null;
    const actual = isMissing(cell) ? undefined : cell;
    const y = target.encode([
      actual ?? (prediction.classes?.[0] as string | undefined) ?? (prediction.values?.[0] as number),
    ]);
    const { loss } = task(model.task);
    return {
      model,
      number,
      file: file.name,
      place: place(number - 1),
      cells: Object.fromEntries(one.names.map((name, j) => [name, one.columns[j]?.[0] ?? null])),
      notes,
      x,
      y,
      actual,
      loss,
      prediction,
      passed: backprop(model.network, loss, x, y, { mode: "evaluation" }),
    };
  });
}

/** @param equations with the numbers of the row filled in. @param all whether to print the whole of long tensors too */
export function describeRow(row: FollowedRow, equations: string, all: boolean, columns: number): string {
  const { passed, actual, model } = row;
  const parts = [encodingTable(row, all)];
  if (actual === undefined)
    parts.push(
      `The row has no value of ${JSON.stringify(model.target.name)}: the loss and what flows back from it are for what the model predicts.`,
    );
  parts.push(wrapLines(equations, columns));
  if (all) parts.push(everyNumber(passed));
  else if (equations.includes("…"))
    parts.push("Of long tensors the first 8 numbers of each axis are shown; --all prints all.");
  parts.push(describePrediction(row, all));
  return parts.join("\n\n");
}

/** Features that are shown without --all; of categories those that are 0 are left out. */
const SHOWN = 40;

function encodingTable({ model, cells, x, notes }: FollowedRow, all: boolean): string {
  const numbers = x.dataSync();
  const rows = model.input.features.map(({ name, column }, j) => {
    const cell = cells[column] ?? null;
    const note = notes.find((one) => one.column === column);
    return [
      label(column, 24),
      isMissing(cell) ? "(missing)" : clipped(label(String(cell), 100), 24),
      label(name, 32),
      figure(numbers[j] as number, 6),
      note === undefined || note.what === "missing"
        ? ""
        : note.what === "unseen"
          ? "not seen in training"
          : "not understood, taken for missing",
    ];
  });
  const shown = all ? rows : rows.filter((row, j) => numbers[j] !== 0 || row[0] === row[2]).slice(0, SHOWN);
  const table = renderTable([["column", "cell", "feature", "number", ""], ...shown], { left: [0, 1, 2, 4] });
  const rest = rows.length - shown.length;
  return rest === 0 ? table : `${table}\n… and ${count(rest, "feature")} more, most of them 0; --all shows them`;
}

/** Classes with the highest probability that are shown without --all. */
const LIKELIEST = 10;

export function describePrediction({ prediction, actual, model }: FollowedRow, all: boolean): string {
  const { target } = model;
  const truth = actual === undefined ? "" : `; the row has ${label(String(actual), 40)}`;
  const unit = target.unit === undefined ? "" : ` ${label(target.unit, 16)}`;
  if (prediction.values !== undefined)
    return `Prediction: ${target.name} = ${figure(prediction.values[0] as number, 6)}${unit}${truth}`;
  const probabilities = Array.from(
    prediction.probabilities?.[0] ?? [],
    (p, i) => [target.classes?.[i] as string, p] as const,
  );
  const sorted = probabilities.toSorted((a, b) => b[1] - a[1]).slice(0, all ? undefined : LIKELIEST);
  const rows = sorted.map(([name, p]) => [label(name, 40), percent(p)]);
  const rest = probabilities.length - rows.length;
  return [
    `Prediction: ${target.name} = ${label(prediction.classes?.[0] as string, 40)}${truth}`,
    renderTable(rows, { left: [0], indent: "  " }),
    ...(rest === 0 ? [] : [`  … and ${count(rest)} of the others; --all shows them`]),
  ].join("\n");
}

/** As plain data, every number of it. */
export function rowNumbers(row: FollowedRow) {
  const { model, number, file, place, cells, x, passed, prediction, actual } = row;
  const encoded = x.dataSync();
  return {
    number,
    file,
    place,
    cells,
    features: model.input.features.map(({ name, column }, j) => ({ name, column, value: encoded[j] })),
    layers: passed.layers.map(({ path, type, activations, input, z, a, gradA, delta, gradients }) => ({
      path,
      type,
      activations: activations.map((f) => f.type),
      input: input.arraySync(),
      z: z.arraySync(),
      a: a.arraySync(),
      gradA: gradA.arraySync(),
      delta: delta.arraySync(),
      gradients: Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, g.arraySync()])),
    })),
    outputs: passed.prediction.arraySync(),
    loss: passed.loss.arraySync(),
    gradInput: passed.gradInput?.arraySync(),
    prediction: {
      ...(prediction.values === undefined ? {} : { value: prediction.values[0] }),
      ...(prediction.classes === undefined ? {} : { class: prediction.classes[0] }),
      ...(prediction.probabilities === undefined
        ? {}
        : {
            probabilities: Object.fromEntries(
              (model.target.classes ?? []).map((name, i) => [name, prediction.probabilities?.[0]?.[i]]),
            ),
          }),
    },
    actual: actual ?? null,
  };
}
