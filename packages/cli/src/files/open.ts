/** Files of any format as streams of rows. */
import { Failure } from "../failure.ts";
import { detectFormat } from "./detect.ts";
import { openSource, type Source } from "./source.ts";
import type { Batch, Format, OpenOptions, Reader, ReadOptions, TableFile } from "./table-file.ts";

/** A file that is open, with what only this folder needs of it. */
export interface OpenFile {
  readonly source: Source;
  readonly format: Format;
  readonly reader: Reader;
}

/**
 * Opens a file to be read in batches; memory does not grow with it, except for JSON arrays, .npz, IDX, .npy in Fortran's order,
 * and Parquet that is packed or from standard input.
 *
 * @param path "-" for standard input
 * @throws Failure for a file that cannot be read, that says what is wrong and how to mend it
 */
export async function openTable(
  path: string,
  options: ReadOptions = {},
  { written = false }: OpenOptions = {},
): Promise<TableFile> {
  const { source, format, reader } = await openFile(path, options, false, written);
  return {
    name: source.name,
    format,
    columns: reader.columns,
    notes: reader.notes,
    ...(reader.delimiter === undefined ? {} : { delimiter: reader.delimiter }),
    batches: () => atLeastOne(source.name, reader),
    fingerprint: () => source.fingerprint(),
    close: () => source.close(),
  };
}

/**
 * @param growing whether the columns of JSON lines are to be those of all lines
 * @param written see OpenOptions
 */
export async function openFile(
  path: string,
  options: ReadOptions,
  growing: boolean,
  written = false,
): Promise<OpenFile> {
  const source = await openSource(path);
  try {
    const format = await detectFormat(source, options.format);
    if (options.columns !== undefined) requireNames(options.columns);
    const reader = await openReader(source, format, options, { growing, written });
    const notes = [
      ...(options.format === undefined && !namedSo(source, format) ? [`format ${format}`] : []),
      ...(source.gzip ? ["unpacked (gzip)"] : []),
      ...reader.notes,
    ];
    return { source, format, reader: { ...rename(reader, format, options.columns, source.name), notes } };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Each format's code is loaded when there is such a file. */
async function openReader(
  source: Source,
  format: Format,
  options: ReadOptions,
  { growing, written }: { readonly growing: boolean; readonly written: boolean },
): Promise<Reader> {
  switch (format) {
    case "csv":
    case "tsv":
      return await (await import("./csv/reader.ts")).openCSV(source, options, format === "csv" ? "," : "\t", written);
    case "jsonl":
      return await (await import("./json.ts")).openJSONLines(source, options, growing);
    case "json":
      return await (await import("./json.ts")).openJSON(source, options, growing);
    case "parquet":
      return await (await import("./parquet.ts")).openParquet(source);
    case "npy":
      return await (await import("./numpy/reader.ts")).openNPY(source);
    case "npz":
      return await (await import("./numpy/reader.ts")).openNPZ(source, options);
    case "idx":
      return await (await import("./idx.ts")).openIDX(source);
  }
}

const namedSo = ({ path }: Source, format: Format): boolean =>
  path !== undefined && new RegExp(`[.-]${format}(\\d-[a-z]+)?(\\.gz)?$`, "i").test(path);

/** CSV has given the names already, for they decide whether its first row is data. */
function rename(reader: Reader, format: Format, columns: readonly string[] | undefined, name: string): Reader {
  if (columns === undefined || format === "csv" || format === "tsv") return reader;
  if (format === "jsonl" || format === "json" || format === "parquet")
    throw new Failure(`${name} names its columns itself. Leave --columns out.`);
  if (columns.length === reader.columns.length) return { ...reader, columns };
  throw new Failure(
    `${name} has ${reader.columns.length} columns, and --columns gives ${columns.length} names. Name all of them.`,
  );
}

function requireNames(columns: readonly string[]): void {
  const second = columns.findIndex((column, j) => columns.indexOf(column) !== j);
  if (second < 0) return;
  const first = columns.indexOf(columns[second] as string);
  throw new Failure(
    `--columns: the names ${first + 1} and ${second + 1} are both ${JSON.stringify(columns[second])}. Give every column a name of its own.`,
  );
}

/** @throws Failure if there is no row */
export async function* atLeastOne(name: string, reader: Reader): AsyncGenerator<Batch> {
  let any = false;
  for await (const batch of reader.batches()) {
    any = true;
    yield batch;
  }
  if (!any) throw new Failure(`${name} has names of columns and no rows.`);
}
