/**
 * A table in a link: the columns that are used and no others, parted by ";", each its name and its numbers, parted by ",": x, y,
 * further inputs, and what shall be predicted. Of classes that is the name of the column with the names of the classes, and then a
 * digit for each row: "length,5.1,7;width,3.5,3.2;species,setosa,versicolor;01".
 */
import { type Field, integer, number, oneLine, quote, Refusal } from "./fields.ts";
import { MOST_CLASSES, MOST_MORE } from "./limits.ts";
import { type OwnTable, type TableColumn, usedPart, usedRows } from "./table.ts";

/** Enough for some hundred rows. Links that are much longer are cut off where they are pasted. */
const MOST_CHARACTERS = 14_000;
/** Of a name. */
const LONGEST = 60;
/** Sums of such numbers and their squares are finite. */
export const LARGEST = 1e100;

const cell = number(0, { least: -LARGEST, most: LARGEST });
const label = integer(0, { least: 0, most: MOST_CLASSES - 1 });

/** Letters, digits, "_" and "-" stay as they are; a space is "+", and others are their code point between points. */
const escapeName = (name: string): string =>
  Array.from(name, (character) =>
    /[\w-]/.test(character)
      ? character
      : character === " "
        ? "+"
        : `.${(character.codePointAt(0) as number).toString(16)}.`,
  ).join("");

function unescapeName(text: string): string {
  const name = text.replaceAll("+", " ").replace(/\.([0-9a-f]{1,6})\./g, (_, code: string) => {
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? "�" : String.fromCodePoint(point);
  });
  return tidyName(name);
}

/** A name as it is shown: on one line, and not too long. */
export function tidyName(text: string): string {
  const line = oneLine(text).trim();
  // By code points, so that no half of one is left.
  const characters = Array.from(line.slice(0, 4 * LONGEST));
  return characters.length > LONGEST
    ? `${characters
        .slice(0, LONGEST - 1)
        .join("")
        .trimEnd()}…`
    : line;
}

const written = new WeakMap<OwnTable, string>();

/** As it stands in a link, however long that is. */
function writeTable(table: OwnTable): string {
  const known = written.get(table);
  if (known !== undefined) return known;
  const { columns } = usedPart(table);
  const parts = columns.map(({ name, values, words }) =>
    words === undefined
      ? `${escapeName(name)},${values.join()}`
      : `${[name, ...words].map(escapeName).join()};${values.join("")}`,
  );
  const text = parts.join(";");
  written.set(table, text);
  return text;
}

/** Whether a table is small enough to be part of a link, and has a row that is used. */
export function fitsLink(table: OwnTable): boolean {
  const rows = usedRows(table).rows.length;
  // A number takes two characters at the least: a large table is not even written.
  const least = rows * 2 * (table.more.length + 2);
  return rows > 0 && least <= MOST_CHARACTERS && writeTable(table).length <= MOST_CHARACTERS;
}

/** A table that is too large is not written; see `fitsLink`. */
export const tableField: Field<OwnTable | null> = {
  initial: null,
  read: (text) => (text === "" ? null : readTable(text)),
  write: (table) => (table === null || !fitsLink(table) ? "" : writeTable(table)),
};

function readTable(text: string): OwnTable {
  if (text.length > MOST_CHARACTERS) {
    throw new Refusal(`it has ${text.length} characters, and a table in a link has at most ${MOST_CHARACTERS}`);
  }
  const parts = text.split(";");
  const digits = /^\d+$/.test(parts.at(-1) as string) ? parts.pop() : undefined;
  const most = MOST_MORE + 3;
  if (parts.length < 3 || parts.length > most) {
    throw new Refusal(
      `it has ${parts.length === 1 ? "1 column" : `${parts.length} columns`}; it needs two for the picture and one to predict, and at most ${most}`,
    );
  }
  const columns = parts.map((part, i) =>
    digits !== undefined && i === parts.length - 1 ? classColumn(part, digits) : numberColumn(part),
  );
  const [first, ...others] = columns as [TableColumn, ...TableColumn[]];
  const odd = others.find(({ values }) => values.length !== first.values.length);
  if (odd !== undefined) {
    throw new Refusal(
      `column ${quote(odd.name)} has ${odd.values.length} values, and ${quote(first.name)} has ${first.values.length}`,
    );
  }
  const target = columns.length - 1;
  const more = columns.slice(2, -1).map((_, i) => i + 2);
  return { columns, x: 0, y: 1, target, task: digits === undefined ? "value" : "classes", more };
}

function numberColumn(part: string): TableColumn {
  const [name = "", ...cells] = part.split(",");
  try {
    return { name: unescapeName(name), values: Float64Array.from(cells, (text) => cell.read(text)) };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`column ${quote(unescapeName(name))}: ${error.message}`) : error;
  }
}

function classColumn(part: string, digits: string): TableColumn {
  const [name = "", ...words] = part.split(",").map(unescapeName);
  if (words.length < 2 || words.length > MOST_CLASSES)
    throw new Refusal(`${quote(name)} has ${words.length} classes, and there are 2 to ${MOST_CLASSES}`);
  const values = Float64Array.from(digits, (digit) => label.read(digit));
  const wrong = values.find((value) => value >= words.length);
  if (wrong !== undefined) throw new Refusal(`${quote(name)} has no class ${wrong}`);
  return { name, values, words };
}
