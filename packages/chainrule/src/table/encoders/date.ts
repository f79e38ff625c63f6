/** Columns of dates and times. */
import type { JsonObject } from "../../tensor/options.ts";
import type { Fields } from "../json.ts";
import { DATE_FORMATS, type DateFormat } from "../standalone/dates.ts";
import { type Cycle, dateReader, dateWriter, PERIODS, phaseOf } from "../standalone/writers.ts";
import type { Cell } from "../table.ts";
import { type ColumnEncoder, type Imputation, missingName, type Sink, writeCells } from "./column.ts";
import { fitQuantity, type Quantity, quantityFromJSON, quantityToJSON, type Reader, readQuantity } from "./quantity.ts";

const CYCLES = Object.keys(PERIODS) as Cycle[];

/** What the training rows must show for a cycle. */
const SHOWN: Readonly<Record<Cycle, { readonly span: number; readonly parts: number }>> = {
  /** The days that they must span: less, and the trend says the same. Into so many parts the period is cut, of which they must have two. */
  year: { span: 365, parts: 12 },
  week: { span: 14, parts: 7 },
  day: { span: 1, parts: 24 },
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
  readonly cycles: readonly Cycle[];

  constructor(name: string, format: DateFormat, quantity: Quantity, cycles: readonly Cycle[]) {
    this.name = name;
    this.format = format;
    this.quantity = quantity;
    this.cycles = cycles;
    this.features = [
      name,
      ...(quantity.indicator ? [missingName(name)] : []),
      ...cycles.flatMap((cycle) => [`${name} (sine of the ${cycle})`, `${name} (cosine of the ${cycle})`]),
    ];
  }

  /** undefined if no cell holds a date. */
  static fit(
    name: string,
    cells: readonly Cell[],
    format: DateFormat,
    imputation: Imputation = "median",
  ): DateEncoder | undefined {
    const read = dateReader(format);
    const rule = typeof imputation === "object" ? constantDate(imputation.constant, read) : imputation;
    const values = readQuantity(name, cells, read);
    if (values.every(Number.isNaN)) return undefined;
    const cycles = CYCLES.filter((cycle) => shows(values, cycle));
    return new DateEncoder(name, format, fitQuantity(name, "date", values, rule), cycles);
  }

  static fromJSON(name: string, fields: Fields): DateEncoder {
    const cycles = fields.choices("cycles", CYCLES);
    return new DateEncoder(name, fields.choice("format", DATE_FORMATS), quantityFromJSON(fields), cycles);
  }

  write(cells: readonly Cell[], sink: Sink): void {
    const { format, cycles, quantity } = this;
    writeCells(this.name, cells, dateWriter({ ...quantity, format, cycles }), sink);
  }

  toJSON(): JsonObject {
    const { name, kind, format, cycles, quantity } = this;
    return { name, kind, format, cycles, ...quantityToJSON(quantity) };
  }
}

/** The day of a date, in place of the text. */
function constantDate(constant: number | string | boolean, read: Reader): Imputation {
  const days = typeof constant === "string" ? read(constant) : undefined;
  return { constant: days ?? constant };
}

function shows(values: Float64Array, cycle: Cycle): boolean {
  const { span, parts } = SHOWN[cycle];
  const there = values.filter((value) => !Number.isNaN(value));
  const [first, last] = [there.reduce((a, b) => Math.min(a, b)), there.reduce((a, b) => Math.max(a, b))];
  const seen = new Set(Array.from(there, (value) => Math.floor(phaseOf(value, PERIODS[cycle]) * parts)));
  return last - first >= span && seen.size > 1;
}
