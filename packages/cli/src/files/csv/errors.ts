/** What is wrong with a row of CSV, where, and how to mend it. */
import { Failure } from "../../failure.ts";
import { quoted } from "../table-file.ts";
import { isNumber } from "./numbers.ts";

/** Where in the file something is wrong. */
export interface Place {
  readonly name: string;
  /** The line on which the row begins. */
  readonly line: number;
  /** The line on which it was found out. */
  readonly end: number;
  /** The position of the cell in its row. */
  readonly cell: number;
  readonly columns: readonly string[] | undefined;
}

/** A failure for an error code of csv-parse (https://csv.js.org/parse/errors/); undefined for one that is ours to mend. */
export function describeSyntax(code: string, place: Place): Failure | undefined {
  const { name, line, end } = place;
  const column =
    place.columns?.[place.cell] === undefined ? `value ${place.cell + 1}` : quoted(place.columns[place.cell]!);
  const where = `${name}, line ${line}, ${column}`;
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return new Failure(
        `${where}: a quotation mark opens and is never closed. Close it; or, if quotation marks are ordinary characters in ` +
          "this file, use --quote none.",
      );
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return new Failure(
        `${where}: a value in quotation marks goes on after the closing mark${end > line ? ` on line ${end}` : ""}. Inside of ` +
          `them a quotation mark is written twice: "say ""yes""".${end > line ? " Or the mark that opens is one too many." : ""} ` +
          "If quotation marks are ordinary characters in this file, use --quote none.",
      );
    case "INVALID_OPENING_QUOTE":
      return new Failure(
        `${where}: there is a quotation mark inside a value that does not begin with one. Enclose the value and write the mark ` +
          `twice, as in "5"" disk"; or, if quotation marks are ordinary characters in this file, use --quote none.`,
      );
    case "CSV_MAX_RECORD_SIZE":
      return new Failure(
        `${where}: the row is longer than 4 million characters. A quotation mark that opens on that line is not closed, or the ` +
          "file is no CSV.",
      );
    default:
      return undefined;
  }
}

/** A row whose number of cells differs from the others'. */
export interface Ragged {
  readonly name: string;
  readonly line: number;
  /** The line on which the row ends. */
  readonly end: number;
  readonly cells: readonly string[];
  readonly width: number;
  readonly hasHeader: boolean;
  /** Whether it is the second row of the file. */
  readonly second: boolean;
  readonly delimiter: string;
  /** Whether the file ends with this row. */
  readonly last: boolean;
}

export function describeRagged(ragged: Ragged): Failure {
  const { name, line, cells, width, hasHeader } = ragged;
  const count = `${cells.length} value${cells.length === 1 ? "" : "s"}`;
  const expected = hasHeader
    ? `the header names ${width} column${width === 1 ? "" : "s"}`
    : `the first row has ${width}`;
  return new Failure(`${name}, line ${line}: the row has ${count} and ${expected}. ${likelyReason(ragged)}`);
}

function likelyReason({ line, end, cells, width, hasHeader, second, delimiter, last }: Ragged): string {
  if (end > line) return `It goes on to line ${end}: is a quotation mark not closed?`;
  if (cells.length > width) {
    if (hasHeader && second && width === 1) return "If the line above is a title and no header, remove it.";
    if (hasHeader && second && cells.length === width + 1)
      return cells.at(-1) === ""
        ? "The row ends with a delimiter and the header does not: add one there, or remove it from the rows."
        : "If the first column holds row names, give it a name in the header.";
    const extra = cells.length - width;
    if (delimiter === "," && cells.filter((cell) => isNumber(cell)).length >= 2 * extra)
      return 'A value that holds a comma must be in quotation marks, as in "1,5" or "Bern, CH".';
    return `A value that holds the delimiter ${quoted(delimiter)} must be in quotation marks.`;
  }
  if (last) return "It is the last one: the file may have been cut off.";
  if (cells.length === 1) return "If the line is no row of the table, such as a title or a remark, remove it.";
  return "A value that is missing still needs its delimiter.";
}
