/** Which columns a model needs: how much worse it is when one of them is shuffled. */
import { numbersOf } from "../data/dataset.ts";
import { identity, shuffle } from "../data/shuffle.ts";
import { checkMetrics, isScore, type Metric } from "../metrics/named.ts";
import { foldIn, key } from "../ops/composed/random.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { TableModel } from "./model.ts";
import type { Table } from "./table.ts";

export interface ImportanceOptions {
  /** Default "accuracy" for classes, "r2" for numbers. Of a function of one's own, more must be better. */
  readonly metric?: Metric;
  /** How often each column is shuffled; default 5. */
  readonly repeats?: number;
  /** Any integer, default 0. */
  readonly seed?: number;
}

/** What a column is worth. */
export interface ColumnImportance {
  readonly column: string;
  /** The mean of `falls`. */
  readonly mean: number;
  /** The standard deviation of `falls`, with n in the denominator. */
  readonly deviation: number;
  /** How much worse the metric was, each time that the column was shuffled. */
  readonly falls: readonly number[];
}

export interface PermutationImportance {
  readonly metric: string;
  /** The metric on the table as it is. */
  readonly score: number;
  /** The most important first. */
  readonly columns: readonly ColumnImportance[];
}

/**
 * How much worse a model's predictions are when the cells of one column are shuffled among the rows, so that they say nothing
 * any more: the fall of a score such as accuracy, or the rise of an error such as rmse. Use rows that the model was not
 * trained on. Of two columns that say the same, neither seems important.
 *
 * L. Breiman, "Random forests", 2001, section 10; as `permutation_importance` of scikit-learn computes it.
 *
 * @param table with the columns of the model and the target, which must have a value in each row
 * @throws TypeError, RangeError for wrong options; DataError, CellError for a table that does not fit
 * @example
 * ```ts
 * import { dense } from "chainrule/nn";
 * import { inferColumns, permutationImportance, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
 * const rows = [{ a: 1, b: 4, y: 2.5 }, { a: 2, b: 1, y: 4 }, { a: 3, b: 2, y: 6 }, { a: 4, b: 3, y: 8 }];
 * const table = Table.fromRows(rows);
 * const input = TableEncoder.fit(table, inferColumns(table, { target: "y" }));
 * const target = TargetEncoder.fit("y", table.column("y"));
 * const model = new TableModel({ network: dense(2, 1), input, target }); // not trained yet
 * permutationImportance(model, table).columns.length; // → 2
 * ```
 */
export function permutationImportance(
  model: TableModel,
  table: Table,
  options: ImportanceOptions = {},
): PermutationImportance {
  const where = "permutationImportance";
  if (!((model as unknown) instanceof TableModel)) {
    throw new TypeError(`${where}: the first argument must be a TableModel; it is ${describeValue(model)}.`);
  }
  checkOptions(where, options, ["metric", "repeats", "seed"]);
  const repeats = checkNumber(where, "repeats", options.repeats ?? 5, { least: 1, integer: true });
  const root = key(checkNumber(where, "seed", options.seed ?? 0, { integer: true }));
  const { name, score } = scorer(where, model, table, options.metric);
  const x = model.input.apply(table);
  const whole = score(x);
  const moreIsBetter = typeof options.metric === "function" || isScore(name);
  // Each feature depends on its own row's cell alone, so features are shuffled instead of cells.
  const columns = rangesOf(model).map(({ column, from, to }, j) => {
    const falls = Array.from({ length: repeats }, (_, r) => {
      const order = shuffle(identity(table.length), foldIn(foldIn(root, j), r));
      const shuffled = score(withColumns(x, from, to, order));
      return moreIsBetter ? whole - shuffled : shuffled - whole;
    });
    return { column, ...moments(falls), falls };
  });
  return { metric: name, score: whole, columns: columns.sort((a, b) => b.mean - a.mean) };
}

function scorer(where: string, model: TableModel, table: Table, metric: Metric | undefined) {
  const { target } = model;
  const [named] = checkMetrics(where, [metric ?? (target.classes === undefined ? "r2" : "accuracy")]);
  const { name, value } = named as NonNullable<typeof named>;
  // Numbers are measured on their own scale.
  const onScale = (z: Tensor): Tensor => fromData(target.decode(z).values ?? new Float64Array(), z.shape, "float64");
  const prediction = target.classes === undefined ? onScale : (z: Tensor): Tensor => z;
  const wanted = prediction(target.encode(table.column(target.name)));
  return { name, score: (x: Tensor): number => value(prediction(model.outputs(x)), wanted) };
}

/** Which features belong to each column. */
function rangesOf(model: TableModel): { column: string; from: number; to: number }[] {
  let at = 0;
  return model.input.columns.map(({ name, features }) => {
    const from = at;
    at += features.length;
    return { column: name, from, to: at };
  });
}

/** x with the features from `from` to `to` of row i taken from row order[i]. */
function withColumns(x: Tensor, from: number, to: number, order: Int32Array): Tensor {
  const [numbers, width] = [numbersOf(x), x.shape[1] as number];
  const shuffled = numbers.slice();
  order.forEach((row, i) => {
    for (let j = from; j < to; j++) shuffled[i * width + j] = numbers[row * width + j] as number;
  });
  return fromData(shuffled, x.shape, x.dtype);
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
