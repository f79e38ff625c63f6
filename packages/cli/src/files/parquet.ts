/** Apache Parquet, one row group after another. */
import type { Cell } from "chainrule/table";
import type { AsyncBuffer, FileMetaData, SchemaElement } from "hyparquet";
import { Failure, messageOf } from "../failure.ts";
import type { Source } from "./source.ts";
import { type Batch, batchLength, numberedBatch, quoted, type Reader } from "./table-file.ts";

/** A value of a column as hyparquet gives it, as a cell. */
type Convert = (value: unknown) => Cell;

export async function openParquet(source: Source): Promise<Reader> {
  const [{ parquetMetadataAsync, parquetSchema }, file] = await Promise.all([
    import("hyparquet"),
    randomAccess(source),
  ]);
  const metadata = await guarded(source.name, () => parquetMetadataAsync(file));
  const tree = parquetSchema(metadata).children;
  const columns = tree.map(({ element }) => element.name);
  const twice = columns.find((name, j) => columns.indexOf(name) !== j);
  if (twice !== undefined) throw new Failure(`${source.name}: two columns are named ${quoted(twice)}.`);
  for (const { element, children } of tree)
    if (children.length > 0 || element.repetition_type === "REPEATED")
      throw notACell(source.name, element.name, "lists or records");
  const converters = tree.map(({ element }) => converter(element, source.name));
  const length = Number(metadata.num_rows);
  return { columns, notes: [], length, batches: () => readGroups(source.name, file, metadata, columns, converters) };
}

async function* readGroups(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  converters: readonly Convert[],
): AsyncGenerator<Batch> {
  const [{ parquetRead }, { compressors: all }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const { LZ4_RAW: lz4 } = all;
  // A page of missing values only is packed to one byte, at which hyparquet-compressors 1.1.2 fails.
  const compressors: typeof all = {
    ...all,
    LZ4_RAW: (input, length) => (length === 0 || lz4 === undefined ? new Uint8Array(0) : lz4(input, length)),
  };
  const length = batchLength(columns.length);
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    let rows: unknown[][] = [];
    await guarded(name, () =>
      parquetRead({
        file,
        metadata,
        compressors,
        parsers: PARSERS,
        rowStart: start,
        rowEnd: end,
        columns: [...columns],
        onComplete: (read) => {
          rows = read;
        },
      }),
    );
    for (let i = 0; i < rows.length; i += length) {
      const part = rows.slice(i, i + length);
      yield numberedBatch(
        part.map((row) => converters.map((convert, j) => convert(row[j]))),
        start + i,
      );
    }
    start = end;
  }
}

async function randomAccess(source: Source): Promise<AsyncBuffer> {
  const { slice, size } = source;
  if (slice !== undefined && size !== undefined)
    return { byteLength: size, slice: (start, end = size) => slice(start, end) };
  const bytes = await source.whole();
  return {
    byteLength: bytes.length,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
}

/** Whatever a damaged file makes hyparquet throw is told with the name of the file. */
async function guarded<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `${name} cannot be read as Parquet: ${messageOf(error)}. It is damaged or was cut off, or uses a part of the format that ` +
        "is not known here; get it again, or save it with other settings.",
    );
  }
}

/** Moments as texts. Parquet counts from 1970-01-01: Apache Parquet format, LogicalTypes.md. */
const PARSERS = {
  timestampFromMilliseconds: (value: bigint) => timestamp(BigInt(value) * 1_000_000n),
  timestampFromMicroseconds: (value: bigint) => timestamp(BigInt(value) * 1000n),
  timestampFromNanoseconds: (value: bigint) => timestamp(BigInt(value)),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

/** "2024-02-29T12:00:00.5Z", without decimals that are 0. */
function timestamp(nanoseconds: bigint): string {
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (nanoseconds - fraction) / 1_000_000_000n;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${decimals(fraction)}Z`;
}

const decimals = (nanoseconds: bigint): string =>
  nanoseconds === 0n ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;

/** "12:30:00" of a count of nanoseconds since midnight. */
function timeOfDay(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds / 1_000_000_000n);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":") + decimals(nanoseconds % 1_000_000_000n);
}

/** Nanoseconds in a unit of time. */
const UNITS = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n } as const;

function converter(element: SchemaElement, file: string): Convert {
  const { name, logical_type: logical, converted_type: converted, scale = 0 } = element;
  const time = logical?.type === "TIME" ? logical.unit : TIMES[converted ?? ""];
  // A local time has no zone.
  const local = logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC;
  return (value) => {
    if (value === null || value === undefined) return null;
    if (time !== undefined) return timeOfDay(BigInt(value as number) * UNITS[time]);
    if (converted === "DECIMAL" || logical?.type === "DECIMAL")
      return Number((value as number).toFixed(Math.min(scale, 100)));
    switch (typeof value) {
      case "number":
        return Number.isNaN(value) ? null : value;
      case "bigint":
        return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
      case "boolean":
        return value;
      case "string": {
        const text = (local ? value.replace(/Z$/, "") : value).trim();
        return text === "" ? null : text;
      }
      default:
        throw notACell(file, name, value instanceof Uint8Array ? "bytes" : "lists or records");
    }
  };
}

const TIMES: Readonly<Record<string, keyof typeof UNITS>> = { TIME_MILLIS: "MILLIS", TIME_MICROS: "MICROS" };

const notACell = (file: string, column: string, what: string): Failure =>
  new Failure(
    `${file}: column ${quoted(column)} holds ${what}. A cell must be a number, a text, a date, true or false: save the table ` +
      "without that column, or with a column for each of its parts.",
  );
