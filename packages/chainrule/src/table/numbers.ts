/** The numbers behind the cells of a column. */
import { DataError } from "../data/errors.ts";
import { isMissing, numberOf, textOf } from "./cells.ts";
import type { ColumnInfo } from "./columns.ts";
import { daysOf } from "./standalone/dates.ts";
import type { Cell } from "./table.ts";

/**
 * The numbers of a column: of a date the days since 1970-01-01, with fractions for times. NaN where there is none.
 *
 * @throws DataError for a column that is neither of numbers nor of dates
 * @example
 * ```ts
 * import { columnNumbers, inferColumns, Table } from "chainrule/table";
 * const table = Table.fromRows([{ day: "1970-01-02" }, { day: "" }, { day: "1970-02-01" }]);
 * inferColumns(table).map((day) => columnNumbers(day, table.column("day"))); // → [ Float64Array(3) [ 1, NaN, 31 ] ]
 * ```
 */
export function columnNumbers(column: ColumnInfo, cells: readonly Cell[]): Float64Array {
  const { name, kind, format, numbers } = column;
  const read =
    format !== undefined ? (cell: Cell) => daysOf(textOf(cell), format) : numbers !== undefined ? numberOf : undefined;
  if (read === undefined)
    throw new DataError(
      `columnNumbers: column ${JSON.stringify(name)} holds no numbers and no dates, it is of the kind "${kind}".`,
    );
  return Float64Array.from(cells, (cell) => (isMissing(cell) ? undefined : read(cell)) ?? Number.NaN);
}
