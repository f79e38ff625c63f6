/** Which columns predictions are written with. */
import type { Cell, ColumnEncoder, TablePrediction } from "chainrule/table";
import type { ModelFile } from "../../apply/index.ts";
import type { Batch, TableFile } from "../../files/index.ts";
import type { OutputFormat } from "./formats.ts";

export interface ColumnOptions {
  readonly onlyPredictions?: boolean;
  readonly probabilities: boolean;
}

export interface OutputColumns {
  readonly names: readonly string[];
  /** Which of them hold numbers. */
  readonly numbers: readonly boolean[];
  /** Columns that got another name than usual, since the file has one of that name. */
  readonly renamed: readonly { readonly usual: string; readonly name: string }[];
  /** The cells of a row: as the file has them, if it is to be written as CSV, and then the predictions. */
  cells(batch: Batch, prediction: TablePrediction, row: number): readonly Cell[];
}

export function outputColumns(
  { model }: ModelFile,
  data: TableFile,
  format: OutputFormat,
  { onlyPredictions = false, probabilities }: ColumnOptions,
): OutputColumns {
  const { name: target, classes } = model.target;
  const own = onlyPredictions ? [] : data.columns;
  const withProbabilities = classes !== undefined && probabilities;
  const usual = [
    `${target}_predicted`,
    ...(withProbabilities ? classes.map((name) => `${target}_probability_${name}`) : []),
  ];
  const names = [...own];
  for (const name of usual) names.push(free(name, names));
  const added = names.slice(own.length);
  const isNumber = (name: string): boolean =>
    model.input.columns.some((column: ColumnEncoder) => column.name === name && column.kind === "number");
  return {
    names,
    numbers: [...own.map(isNumber), ...added.map(() => false)],
    renamed: usual.flatMap((name, j) => (name === added[j] ? [] : [{ usual: name, name: added[j] as string }])),
    cells: ({ rows, written = rows }, { classes: said, probabilities: shares, values }, row) => [
      ...(onlyPredictions ? [] : ((format === "jsonl" ? rows : written)[row] as readonly Cell[])),
      (said ?? values)?.[row] as Cell,
      ...(withProbabilities ? ((shares as readonly Float64Array[])[row] as Float64Array) : []),
    ],
  };
}

/** The name, or the first of name_2, name_3 … that nothing else has. */
function free(name: string, others: readonly string[]): string {
  if (!others.includes(name)) return name;
  for (let n = 2; ; n++) if (!others.includes(`${name}_${n}`)) return `${name}_${n}`;
}
