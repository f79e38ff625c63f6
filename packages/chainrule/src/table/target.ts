/** The column to predict: classes by number, or standardized numbers; and back. */
import { DataError } from "../data/errors.ts";
import { checkChoice, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { CellError, isMissing, numberOf, requireFiniteCell, textOf } from "./cells.ts";
import { momentsOf } from "./encoders/quantity.ts";
import { Fields } from "./json.ts";
import { classProbabilities, likeliest } from "./standalone/classes.ts";
import type { Cell } from "./table.ts";
import { classNames, inferTask, TARGET_TASKS, type TargetTask } from "./target-task.ts";

export interface TargetOptions {
  /** Default: what the values say, see `inferTask`. */
  readonly task?: TargetTask;
  /** Of numbers: in what they are measured; default what is in brackets at the end of the name, "price (CHF)". */
  readonly unit?: string;
}

/** Predictions as people read them; row i has classes[i] and probabilities[i], or values[i]. */
export interface Decoded {
  /** The names of the predicted classes. */
  readonly classes?: readonly string[];
  /** Of all classes, in their order. */
  readonly probabilities?: readonly Float64Array[];
  /** On the scale of the column. */
  readonly values?: Float64Array;
}

interface TargetSettings {
  readonly name: string;
  readonly task: TargetTask;
  readonly classes?: readonly string[] | undefined;
  readonly mean?: number | undefined;
  readonly deviation?: number | undefined;
  readonly unit?: string | undefined;
}

/** What the column to predict means. Made by `TargetEncoder.fit`. */
export class TargetEncoder {
  readonly name: string;
  readonly task: TargetTask;
  /** The names of the classes by number, numbers in the order of their values; undefined for a regression. */
  readonly classes: readonly string[] | undefined;
  /** Of the training rows, for a regression; else 0 and 1. */
  readonly mean: number;
  readonly deviation: number;
  readonly unit: string | undefined;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor({ name, task, classes, mean = 0, deviation = 1, unit }: TargetSettings) {
    this.name = name;
    this.task = task;
    this.classes = classes;
    this.mean = mean;
    this.deviation = deviation;
    this.unit = unit;
    // Under the text itself and, where that is not there, under what it means: 1.0 is 1, True is true.
    this.#numbers = new Map([
      ...(classes ?? []).map((text, i) => [meaningOf(text), i] as const),
      ...(classes ?? []).map((text, i) => [text, i] as const),
    ]);
  }

  /**
   * Learns the classes, or mean and deviation, from the training rows. Drop rows without a target before.
   *
   * @throws DataError where there is nothing to learn: no rows, one class, a constant; CellError for a missing or infinite
   *   value, or a word among numbers
   * @example
   * ```ts
   * import { TargetEncoder } from "chainrule/table";
   * const target = TargetEncoder.fit("paid", ["yes", "no", "yes", "no"]);
   * [target.task, target.classes]; // → [ 'binary', [ 'no', 'yes' ] ]
   * ```
   */
  static fit(name: string, cells: readonly Cell[], options: TargetOptions = {}): TargetEncoder {
    checkOptions("TargetEncoder.fit", options, ["task", "unit"]);
    const asked = options.task && checkChoice("TargetEncoder.fit", "task", options.task, TARGET_TASKS);
    const { task } = inferTask(name, cells, asked);
    cells.forEach((cell, row) => {
      requireValue(name, cell, row);
    });
    if (task !== "regression") return new TargetEncoder({ name, task, classes: classNames(cells) });
    const numbers = Float64Array.from(cells, (cell, row) => numberAt(name, cell, row));
    const unit = options.unit ?? /[([]([^()[\]]+)[)\]]\s*$/.exec(name)?.[1]?.trim();
    return new TargetEncoder({ name, task, unit, ...momentsOf(numbers) });
  }

  /** What `toJSON` gave. @throws DataError that says what is wrong with it */
  static fromJSON(json: unknown): TargetEncoder {
    const fields = new Fields("TargetEncoder.fromJSON: the encoder", json);
    const [name, task] = [fields.text("name"), fields.choice("task", TARGET_TASKS)];
    if (task === "regression") {
      const unit = fields.has("unit") ? fields.text("unit") : undefined;
      return new TargetEncoder({
        name,
        task,
        unit,
        mean: fields.number("mean"),
        deviation: fields.positive("deviation"),
      });
    }
    const classes = fields.texts("classes");
    if (task === "binary" ? classes.length === 2 : classes.length >= 2)
      return new TargetEncoder({ name, task, classes });
    throw new DataError(`TargetEncoder.fromJSON: a ${task} task cannot have ${classes.length} classes.`);
  }

  /** How many outputs a network needs: one for each class, or a single one (a logit, or a number). */
  get outputs(): number {
    return this.task === "classification" ? (this.classes?.length ?? 0) : 1;
  }

  /**
   * Targets as the loss of the task takes them: class numbers, int32 [rows], for "classification"; 0 and 1 for the first
   * and the second class, float32 [rows, 1], for "binary"; standardized numbers, float32 [rows, 1], for "regression".
   *
   * @throws CellError for a missing value, a class that training did not have, a word among numbers, or an infinite number
   */
  encode(cells: readonly Cell[]): Tensor {
    if (this.task === "classification") {
      return fromData(
        Int32Array.from(cells, (cell, row) => this.#classAt(cell, row)),
        [cells.length],
        "int32",
      );
    }
    const number = (cell: Cell, row: number): number =>
      this.task === "binary" ? this.#classAt(cell, row) : (numberAt(this.name, cell, row) - this.mean) / this.deviation;
    return fromData(Float32Array.from(cells, number), [cells.length, 1], "float32");
  }

  /**
   * Predictions from the network's outputs, [rows, outputs]. Of two classes the second is predicted where its probability
   * is above the threshold, of several the one with the largest.
   *
   * @param threshold default 0.5
   */
  decode(outputs: Tensor, threshold = 0.5): Decoded {
    const [rows = 0, width = 0] = outputs.shape;
    if (outputs.rank !== 2 || width !== this.outputs) {
      throw new DataError(
        `TargetEncoder: a ${this.task} model of ${JSON.stringify(this.name)} must give [rows, ${this.outputs}]; it gave ${formatShape(outputs.shape)}.`,
      );
    }
    if (this.classes === undefined) {
      return { values: Float64Array.from(outputs.dataSync(), (z) => z * this.deviation + this.mean) };
    }
    if (rows === 0) return { classes: [], probabilities: [] };
    const numbers = outputs.dataSync();
    const all = Array.from({ length: rows }, (_, i) =>
      classProbabilities(numbers.subarray(i * width, (i + 1) * width)),
    );
    const predicted = all.map((p) => (width === 1 ? Number((p[1] as number) > threshold) : likeliest(p)));
    return { classes: predicted.map((c) => this.classes?.[c] as string), probabilities: all };
  }

  toJSON(): JsonObject {
    const { name, task, classes, mean, deviation, unit } = this;
    if (classes !== undefined) return { name, task, classes };
    return { name, task, mean, deviation, ...(unit === undefined ? {} : { unit }) };
  }

  #classAt(cell: Cell, row: number): number {
    requireValue(this.name, cell, row);
    const text = textOf(cell);
    const found = this.#numbers.get(text) ?? this.#numbers.get(meaningOf(text));
    if (found !== undefined) return found;
    const there = this.classes?.slice(0, 20).map((name) => JSON.stringify(name)) ?? [];
    throw new CellError(
      `TargetEncoder: ${JSON.stringify(this.name)} has the class ${JSON.stringify(text)} in row ${row}, and the model knows ` +
        `${there.join(", ")}${there.length < (this.classes?.length ?? 0) ? ", …" : ""}.`,
      this.name,
      row,
    );
  }
}

/** What a text means, as a text: a number its value, a word itself in lower case. */
function meaningOf(text: string): string {
  const number = numberOf(text);
  return number === undefined ? text.toLowerCase() : String(number);
}

function requireValue(name: string, cell: Cell, row: number): void {
  if (!isMissing(cell)) return;
  throw new CellError(
    `TargetEncoder: ${JSON.stringify(name)} has no value in row ${row}. Drop the rows without a target before.`,
    name,
    row,
  );
}

function numberAt(name: string, cell: Cell, row: number): number {
  requireValue(name, cell, row);
  const value = numberOf(cell);
  if (value === undefined) {
    throw new CellError(
      `TargetEncoder: ${JSON.stringify(name)} is to be a number, and row ${row} holds ${describeValue(cell)}. Correct it, or drop the row.`,
      name,
      row,
    );
  }
  requireFiniteCell("TargetEncoder", name, row, value);
  return value;
}
