/** The rows that a model was most wrong about. */
import type { Cell } from "chainrule/table";
import type { AppliedBatch } from "../../apply/index.ts";
import { type Assessment, Worst } from "../../assess/index.ts";
import { percent } from "../../render/format.ts";
import { figure } from "../../render/numbers.ts";
import { wrap } from "../../render/table.ts";
import { label } from "../../render/text.ts";

/** A row of the file. */
interface FileRow {
  /** Its position among those that were assessed. */
  readonly row: number;
  /** "line 17" */
  readonly place: string;
  readonly cells: readonly Cell[];
}

/** A mistake as people and programs read it. */
export interface ToldMistake {
  readonly place: string;
  readonly actual: string | number;
  readonly predicted: string | number;
  /** Of the predicted class, and of the one that it is. */
  readonly probability?: number;
  readonly actualProbability?: number;
  readonly residual?: number;
  /** The row by the names of its columns. */
  readonly row: Readonly<Record<string, Cell>>;
}

/** Keeps the rows of the worst mistakes while all others go by. */
export class MistakenRows {
  readonly #worst: Worst<FileRow>;
  #rows = 0;

  constructor(most: number) {
    this.#worst = new Worst(most);
  }

  /** @param truth numbers of classes, or values */
  add({ batch, prediction, place }: AppliedBatch, truth: Float64Array, classes: readonly string[] | undefined): void {
    truth.forEach((actual, i) => {
      const size = sizeOf(i, actual);
      if (size > 0)
        this.#worst.offer(size, () => ({
          row: this.#rows + i,
          place: place(i),
          cells: batch.rows[i] as readonly Cell[],
        }));
    });
    this.#rows += truth.length;

    /** By what the assessment sorts them too; 0 for what is right. */
    function sizeOf(i: number, actual: number): number {
      if (classes === undefined) return Math.abs(actual - (prediction.values?.[i] as number));
      const said = classes.indexOf(prediction.classes?.[i] as string);
      return said === actual ? 0 : (prediction.probabilities?.[i]?.[said] as number);
    }
  }

  /** The mistakes of an assessment with their rows. */
  of(assessment: Assessment, columns: readonly string[]): ToldMistake[] {
    const rows = new Map(this.#worst.values.map((kept) => [kept.row, kept]));
    const withRow = (row: number) => {
      const { place, cells } = rows.get(row) as FileRow;
      return { place, row: Object.fromEntries(columns.map((name, j) => [name, cells[j] as Cell])) };
    };
    if (assessment.task === "regression")
      return assessment.mistakes
        .filter(({ residual }) => residual !== 0)
        .map(({ row, ...rest }) => ({ ...rest, ...withRow(row) }));
    const { classes } = assessment;
    return assessment.mistakes.map(({ row, actual, predicted, ...rest }) => ({
      actual: classes[actual] as string,
      predicted: classes[predicted] as string,
      ...rest,
      ...withRow(row),
    }));
  }
}

/** So many lines of a row are shown. */
const MOST_LINES = 3;

/** @param columns the width of the terminal */
export function renderMistakes(mistakes: readonly ToldMistake[], target: string, columns: number): string {
  if (mistakes.length === 0) return "No row is predicted wrongly.";
  const lines = mistakes.map((mistake) => {
    const cells = Object.entries(mistake.row)
      .filter(([name]) => name !== target)
      .map(([name, cell]) => `${label(name)} ${cell === null ? "–" : label(String(cell), 30)}`);
    const row = wrap(cells.join(", "), columns - 6);
    const shown = row.length > MOST_LINES ? [...row.slice(0, MOST_LINES - 1), `${row[MOST_LINES - 1]} …`] : row;
    return [`  ${headOf(mistake)}`, ...shown].join("\n      ");
  });
  return `The rows that it is most wrong about\n${lines.join("\n")}`;
}

function headOf({ place, actual, predicted, probability, residual }: ToldMistake): string {
  const name = (value: string | number): string =>
    typeof value === "number" ? figure(value, 6) : `“${label(value, 30)}”`;
  const how = probability === undefined ? `off by ${figure(residual as number)}` : `sure to ${percent(probability, 1)}`;
  return `${place}: it is ${name(actual)}, predicted ${name(predicted)}, ${how}`;
}
