/** Dates and times in tables: how they are written, and what they are in days. */

/** How dates are written: ISO 8601, 2024/02/29, 29.02.2024, 02/29/2024 or 29/02/2024; each with or without a time. */
export type DateFormat = "iso" | "y/m/d" | "d.m.y" | "m/d/y" | "d/m/y";

const TIME = String.raw`(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(Z|[+-]\d{2}:?\d{2})?)?$`;

/** The pattern of each format, and which of its three groups are year, month and day. */
const FORMATS: Readonly<Record<DateFormat, readonly [RegExp, number, number, number]>> = {
  iso: [new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})${TIME}`), 1, 2, 3],
  "y/m/d": [new RegExp(String.raw`^(\d{4})/(\d{1,2})/(\d{1,2})${TIME}`), 1, 2, 3],
  "d.m.y": [new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4})${TIME}`), 3, 2, 1],
  "m/d/y": [new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4})${TIME}`), 3, 1, 2],
  "d/m/y": [new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4})${TIME}`), 3, 2, 1],
};

export const DATE_FORMATS = Object.keys(FORMATS) as DateFormat[];

/** The code of the digit 9. */
const NINE = 57;

/** Milliseconds of a day. */
const DAY = 86_400_000;

/**
 * Days since 1970-01-01 (UTC), with the time of day as a fraction; undefined for a text that is no date, 2023-02-29 among
 * them. A time without a zone is taken for UTC, so that it means the same on every machine.
 */
export function daysOf(text: string, format: DateFormat): number | undefined {
  // Most words are told from dates by their first letter.
  if (!(text.charCodeAt(0) <= NINE)) return undefined;
  const [pattern, year, month, day] = FORMATS[format];
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [y, m, d] = [found[year], found[month], found[day]].map(Number) as [number, number, number];
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for those of the twentieth century.
  date.setUTCFullYear(y, m - 1, d);
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return undefined;
  const [hours, minutes, seconds] = [found[4], found[5], found[6]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  const zone = minutesOfZone(found[7]);
  if (hours > 23 || minutes > 59 || seconds >= 61 || zone === undefined) return undefined;
  return date.getTime() / DAY + ((hours * 60 + minutes - zone) * 60 + seconds) / 86_400;
}

function minutesOfZone(zone = "Z"): number | undefined {
  if (zone === "Z") return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)].map(Number) as [number, number];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
