/** A model applied to the rows of a file, batch by batch. */
import { type Cell, Table, type TablePrediction } from "chainrule/table";
import { requireFiniteOutputs } from "../assess/index.ts";
import { Failure } from "../failure.ts";
import type { Batch, TableFile } from "../files/index.ts";
import { located, type Origin } from "../prepare/located.ts";
import type { ModelFile } from "./model-file.ts";
import { describeUnreadable, type RowNote, RowNotes } from "./notes.ts";

export interface ApplyOptions {
  /** Of two classes the second is predicted where its probability is above it. */
  readonly threshold?: number | undefined;
  /** Which rows to take; default all. */
  readonly only?: (row: readonly Cell[]) => boolean;
}

/** Some rows of the file with what the model says of them. */
export interface AppliedBatch extends Origin {
  readonly batch: Batch;
  readonly prediction: TablePrediction;
}

/** Takes one batch into memory at a time. Predictions do not depend on how the rows are cut into batches, to the last bit. */
export class Application {
  readonly #file: ModelFile;
  readonly #data: TableFile;
  readonly #options: ApplyOptions;
  readonly #notes = new RowNotes();

  constructor(file: ModelFile, data: TableFile, options: ApplyOptions = {}) {
    this.#file = file;
    this.#data = data;
    this.#options = options;
  }

  /** What was strange about the rows so far, column by column. */
  get notes(): RowNote[] {
    const { all } = this.#notes;
    return this.#file.model.input.columns.flatMap(({ name }) => all.filter(({ column }) => column === name));
  }

  /** @throws Failure that names the place in the file of a cell that cannot be used, or in the end a column that is not as in training */
  async *batches(): AsyncGenerator<AppliedBatch> {
    const { model } = this.#file;
    const { columns, name } = this.#data;
    const names = model.input.columns.map((column) => column.name);
    const positions = names.map((column) => columns.indexOf(column));
    const { threshold } = this.#options;
    let count = 0;
    for await (const whole of this.#data.batches()) {
      const batch = this.#wanted(whole);
      const { rows, place } = batch;
      if (rows.length === 0) continue;
      const table = new Table(
        names,
        positions.map((j) => rows.map((row) => row[j] as Cell)),
      );
      const prediction = await located({ name, place }, () =>
        model.predict(table, threshold === undefined ? {} : { threshold }),
      );
      requireFiniteOutputs(prediction.outputs, (row) => `${name}, ${place(row)},`);
      this.#notes.add(prediction.notes, place);
      count += rows.length;
      yield { name, place, batch, prediction };
    }
    const unreadable = this.#notes.unreadable(count);
    if (unreadable !== undefined) throw new Failure(`${name}: ${describeUnreadable(unreadable)}`);
  }

  #wanted(batch: Batch): Batch {
    const { only } = this.#options;
    const kept = only === undefined ? [] : batch.rows.flatMap((row, i) => (only(row) ? [i] : []));
    if (only === undefined || kept.length === batch.rows.length) return batch;
    return {
      rows: kept.map((i) => batch.rows[i] as readonly Cell[]),
      place: (row) => batch.place(kept[row] as number),
    };
  }
}
