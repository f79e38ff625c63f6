/** Targets that look like quantities but are written so that they would count as classes. */
import { type Cell, type ColumnInfo, isMissing } from "chainrule/table";
import { Failure } from "../failure.ts";

/** 100,08 and 1.234,5: thousands may be parted, and what follows the comma is not a group of three alone. */
const DECIMAL_COMMA = /^[+-]?(\d{1,3}(?:[.'’ \u00a0]\d{3})+|\d+),\d+$/;
const GROUP_OF_THREE = /^[+-]?\d{1,3},\d{3}$/;

/** As many as make a column one of numbers, see `inferColumns`. */
const NEARLY_ALL = 0.9;

/**
 * Each date or amount would be a class of its own, of which there are hundreds: networks are trained, and good for nothing.
 *
 * @throws Failure that says how to have numbers
 */
export function requireNoHiddenNumbers(file: string, column: ColumnInfo, cells: readonly Cell[]): void {
  const { name, kind, examples } = column;
  const which = `${file}: the target ${JSON.stringify(name)}`;
  const classes = "; if each is the name of a class, say --task classification.";
  if (kind === "date")
    throw new Failure(
      `${which} looks like dates, such as ${JSON.stringify(examples[0])}, which are no classes and no numbers. Take another target, ` +
        `or put a number in its place, such as the days since the first of them${classes}`,
    );
  const present = cells.filter((cell) => !isMissing(cell)).map(String);
  const commas = present.filter((text) => DECIMAL_COMMA.test(text.trim()));
  if (commas.length < NEARLY_ALL * present.length || commas.every((text) => GROUP_OF_THREE.test(text.trim()))) return;
  throw new Failure(
    `${which} looks like numbers with a decimal comma, such as ${JSON.stringify(commas[0])}, which would count as words. To read them ` +
      `as numbers, take --decimal-comma${classes}`,
  );
}
