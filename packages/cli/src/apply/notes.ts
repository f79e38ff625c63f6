/** What was strange about the cells that a model was given. */
import type { CellNote, ColumnEncoder, EncodingNote, TableEncoder } from "chainrule/table";
import { count } from "../render/format.ts";
import { figure } from "../render/numbers.ts";
import { label } from "../render/text.ts";

/** Cells of a column that were taken for something else. */
export interface RowNote {
  readonly column: string;
  readonly what: CellNote;
  readonly count: number;
  /** Where the first of them is: "line 17". */
  readonly place: string;
  /** What that one holds. */
  readonly example: string;
}

/** Fewer may be slips, and are told as such. */
const FEWEST_UNREADABLE = 5;

/** Counts over all batches. */
export class RowNotes {
  readonly #notes = new Map<string, RowNote>();

  add(notes: readonly EncodingNote[], place: (row: number) => string): void {
    for (const { column, what, count: n, row, example } of notes) {
      const key = `${what} ${column}`;
      const known = this.#notes.get(key);
      const note = known ?? { column, what, count: 0, place: place(row), example };
      this.#notes.set(key, { ...note, count: note.count + n });
    }
  }

  /** The first column with enough values of which not one could be read; missing ones are none. */
  unreadable(rows: number): RowNote | undefined {
    return this.all.find(({ column, what, count: n }) => {
      const missing = this.#notes.get(`missing ${column}`)?.count ?? 0;
      return what === "unreadable" && n >= FEWEST_UNREADABLE && n === rows - missing;
    });
  }

  get all(): RowNote[] {
    return [...this.#notes.values()];
  }
}

/** A line for each, with what the model makes of such cells. */
export const describeNotes = (notes: readonly RowNote[], { columns }: TableEncoder): string[] =>
  notes.map((note) => {
    const column = columns.find(({ name }) => name === note.column) as ColumnEncoder;
    return `${JSON.stringify(label(note.column, 40))}: ${found(note, column)}; ${taken(note, column)}.`;
  });

/** What is wrong with a column of which nothing can be read. */
export function describeUnreadable({ column, example, place }: RowNote): string {
  const comma = /^[+-]?[\d.'’ \u00a0]*\d,\d+$/.test(example.trim())
    ? "If these are numbers with a decimal comma, take --decimal-comma."
    : "Write them as the training data has them, or leave the cells empty.";
  return (
    `not one value of the column ${JSON.stringify(label(column, 40))} can be read as in training, such as ` +
    `${JSON.stringify(label(example, 30))} in ${place}, so that all would count as missing. ${comma}`
  );
}

function found({ what, count: n, place, example }: RowNote, { kind }: ColumnEncoder): string {
  const first = `${n === 1 ? "" : "the first "}${JSON.stringify(label(example, 30))} in ${place}`;
  switch (what) {
    case "missing":
      return `${count(n, "value")} missing, ${n === 1 ? "" : "the first "}in ${place}`;
    case "unreadable": {
      const kinds = {
        number: "no number",
        date: "no date as in training",
        boolean: "neither yes nor no",
        category: "no category",
      };
      return `${count(n, "value")} that ${n === 1 ? "is" : "are"} ${kinds[kind]}, ${first}`;
    }
    case "unseen":
      return `${count(n, "value")} that the training rows did not have, ${first}`;
  }
}

function taken({ what, count: n }: RowNote, column: ColumnEncoder): string {
  const they = n === 1 ? "it counts" : "they count";
  if (what === "unseen") return `${they} as none of the known ones`;
  const { rule, value } = (column.toJSON() as { impute: { rule: string; value?: string | number | boolean } }).impute;
  if (rule === "category") return `${they} as no category`;
  const source = rule === "constant" ? "as told in training" : `the ${rule.replace("-", " ")} of the training rows`;
  return `${they} as ${valueOf(value, column)}, ${source}`;
}

/** Dates are kept as days since 1970. */
function valueOf(value: string | number | boolean | undefined, { kind }: ColumnEncoder): string {
  if (typeof value === "number" && kind === "date") return new Date(value * 86_400_000).toISOString().slice(0, 10);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? figure(value) : JSON.stringify(value);
}
