/** Columns of dates and times. */
import type { JsonObject } from "../../tensor/options.ts";
import { textOf } from "../cells.ts";
import { DATE_FORMATS, type DateFormat, daysOf } from "../dates.ts";
import type { Fields } from "../json.ts";
import type { Cell } from "../table.ts";
import { type ColumnEncoder, type Imputation, missingName, type Sink } from "./column.ts";
import {
  fitQuantity,
  type Quantity,
  quantityFromJSON,
  quantityToJSON,
  type Reader,
  readQuantity,
  writeQuantity,
} from "./quantity.ts";

/** What comes again: after how many days, and what the training rows must show for it. */
interface Cycle {
  readonly period: number;
  /** The days that they must span: less, and the trend says the same. */
  readonly span: number;
  /** Into so many parts the period is cut, of which they must have two. */
  readonly parts: number;
}

const CYCLES: Readonly<Record<string, Cycle>> = {
  /** The mean year of the Gregorian calendar. */
  year: { period: 365.2425, span: 365, parts: 12 },
  week: { period: 7, span: 14, parts: 7 },
  day: { period: 1, span: 1, parts: 24 },
};

/**
 * The days since 1970 as a standardized feature, which holds the trend, and for each cycle that the training rows show (the
 * time of the year, the day of the week, the time of day) a sine and a cosine; both are 0 where there is no date.
 */
export class DateEncoder implements ColumnEncoder {
  readonly kind = "date";
  readonly name: string;
  readonly features: readonly string[];
  readonly format: DateFormat;
  readonly quantity: Quantity;
  /** Names of CYCLES. */
  readonly cycles: readonly string[];
  readonly #read: Reader;

  constructor(name: string, format: DateFormat, quantity: Quantity, cycles: readonly string[]) {
    this.name = name;
    this.format = format;
    this.quantity = quantity;
    this.cycles = cycles;
    this.features = [
      name,
      ...(quantity.indicator ? [missingName(name)] : []),
      ...cycles.flatMap((cycle) => [`${name} (sine of the ${cycle})`, `${name} (cosine of the ${cycle})`]),
    ];
    this.#read = readerOf(format);
  }

  /** undefined if no cell holds a date. */
  static fit(
    name: string,
    cells: readonly Cell[],
    format: DateFormat,
    imputation: Imputation = "median",
  ): DateEncoder | undefined {
    const read = readerOf(format);
    const rule = typeof imputation === "object" ? constantDate(imputation.constant, read) : imputation;
    const values = readQuantity(name, cells, read);
    if (values.every(Number.isNaN)) return undefined;
    const cycles = Object.keys(CYCLES).filter((cycle) => shows(values, CYCLES[cycle] as Cycle));
    return new DateEncoder(name, format, fitQuantity(name, "date", values, rule), cycles);
  }

  static fromJSON(name: string, fields: Fields): DateEncoder {
    const cycles = fields.choices("cycles", Object.keys(CYCLES));
    return new DateEncoder(name, fields.choice("format", DATE_FORMATS), quantityFromJSON(fields), cycles);
  }

  write(cells: readonly Cell[], sink: Sink): void {
    const { numbers } = sink;
    const periods = this.cycles.map((cycle) => (CYCLES[cycle] as Cycle).period);
    writeQuantity(this.name, cells, this.#read, this.quantity, sink, (value, from) => {
      periods.forEach((period, k) => {
        const turn = value === undefined ? 0 : 2 * Math.PI * phaseOf(value, period);
        numbers[from + 2 * k] = value === undefined ? 0 : Math.sin(turn);
        numbers[from + 2 * k + 1] = value === undefined ? 0 : Math.cos(turn);
      });
    });
  }

  toJSON(): JsonObject {
    const { name, kind, format, cycles, quantity } = this;
    return { name, kind, format, cycles, ...quantityToJSON(quantity) };
  }
}

/** ISO 8601 is never ambiguous, so it is understood in every column. */
const readerOf =
  (format: DateFormat): Reader =>
  (cell) => {
    const text = textOf(cell);
    return daysOf(text, format) ?? daysOf(text, "iso");
  };

/** The day of a date, in place of the text. */
function constantDate(constant: number | string | boolean, read: Reader): Imputation {
  const days = typeof constant === "string" ? read(constant) : undefined;
  return { constant: days ?? constant };
}

/** How far in its period a time is, in [0, 1). */
const phaseOf = (days: number, period: number): number => days / period - Math.floor(days / period);

function shows(values: Float64Array, { period, span, parts }: Cycle): boolean {
  const there = values.filter((value) => !Number.isNaN(value));
  const [first, last] = [there.reduce((a, b) => Math.min(a, b)), there.reduce((a, b) => Math.max(a, b))];
  const seen = new Set(Array.from(there, (value) => Math.floor(phaseOf(value, period) * parts)));
  return last - first >= span && seen.size > 1;
}
