/** .npy and .npz files as tables. */
import type { Cell } from "chainrule/table";
import { Failure, messageOf } from "../../failure.ts";
import type { Source } from "../source.ts";
import { type Batch, batchLength, numberedBatch, quoted, type Reader, type ReadOptions } from "../table-file.ts";
import { columnNames, formatShape, requireRows, requireSize, rowReader, widthOf } from "./array.ts";
import { type Header, headerLength, parseHeader } from "./npy.ts";

/** Columns "x_0", "x_1" …, or "x" of a single axis. */
export async function openNPY(source: Source): Promise<Reader> {
  const start = await source.peek(headerLength(await source.peek(12), source.name));
  const header = parseHeader(start, source.name);
  requireRows(header, source.name);
  const batches = (): AsyncIterable<Batch> =>
    header.fortranOrder && header.shape.length > 1
      ? readWhole(source, header)
      : readStream(source.chunks(), header, source.name);
  return { columns: columnNames("x", header), notes: [], length: header.shape[0] as number, batches };
}

async function* readWhole(source: Source, header: Header): AsyncGenerator<Batch> {
  const bytes = (await source.whole()).subarray(header.start);
  requireSize(header, bytes.length, source.name);
  yield* batched(rowReader(header, bytes), header.shape[0] as number, widthOf(header));
}

/** Row after row, as the bytes come. */
async function* readStream(chunks: AsyncIterable<Uint8Array>, header: Header, name: string): AsyncGenerator<Batch> {
  const [count, width] = [header.shape[0] as number, widthOf(header)];
  const size = width * header.itemSize;
  const most = batchLength(width) * size;
  let [skip, row, total] = [header.start, 0, -header.start];
  let [parts, have]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of chunks) {
    total += chunk.length;
    const fresh = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - fresh.length;
    parts.push(fresh);
    have += fresh.length;
    if (have < most) continue;
    const bytes = Buffer.concat(parts);
    const rows = Math.min(Math.floor(have / size), count - row);
    yield* batched(rowReader(header, bytes), rows, width, row);
    row += rows;
    parts = [bytes.subarray(rows * size)];
    have -= rows * size;
  }
  requireSize(header, total, name);
  yield* batched(rowReader(header, Buffer.concat(parts)), count - row, width, row);
}

async function* batched(read: (row: number) => Cell[], count: number, width: number, first = 0): AsyncGenerator<Batch> {
  const length = batchLength(width);
  for (let start = 0; start < count; start += length) {
    const rows = Array.from({ length: Math.min(length, count - start) }, (_, i) => read(start + i));
    yield numberedBatch(rows, first + start);
  }
}

/** Arrays side by side: X or x_train becomes "x_0", "x_1" …, y becomes "y", and others keep their names. */
export async function openNPZ(source: Source, options: ReadOptions): Promise<Reader> {
  const entries = await unzip(source);
  const names = [...entries.keys()];
  const { chosen, left } = choosePart(names, options.part, source.name);
  const arrays = chosen.flatMap((name) => {
    const bytes = entries.get(name) as Uint8Array;
    const label = `${source.name}, array ${quoted(name)}`;
    const header = parseHeader(bytes, label);
    // Single numbers are settings rather than data.
    if (header.shape.length === 0) {
      left.push(name);
      return [];
    }
    requireRows(header, label);
    const elements = bytes.subarray(header.start);
    requireSize(header, elements.length, label);
    return [{ name, header, read: rowReader(header, elements) }];
  });
  const length = arrays[0]?.header.shape[0];
  if (length === undefined) throw new Failure(`${source.name} holds single numbers only, no table.`);
  if (arrays.some(({ header }) => header.shape[0] !== length)) {
    const shapes = arrays.map(({ name, header }) => `${name} ${formatShape(header.shape)}`).join(", ");
    throw new Failure(
      `${source.name}: the arrays must have as many rows as one another to stand side by side; they are ${shapes}. Save those ` +
        "that belong together in a file of their own, or name them with a common ending (x_train, y_train) and choose it by --part.",
    );
  }
  const columns = arrays.flatMap(({ name, header }) => columnNames(plainName(name), header));
  const twice = columns.find((column, j) => columns.indexOf(column) !== j);
  if (twice !== undefined)
    throw new Failure(
      `${source.name}: two columns would be named ${quoted(twice)}. Rename one of the arrays ${names.join(", ")}.`,
    );
  const read = (row: number): Cell[] => arrays.flatMap((array) => array.read(row));
  const notes =
    left.length > 0 ? [`arrays ${arrays.map(({ name }) => name).join(", ")}; left out: ${left.join(", ")}`] : [];
  return { columns, notes, length, batches: () => batched(read, length, columns.length) };
}

async function unzip(source: Source): Promise<Map<string, Uint8Array>> {
  const [{ unzipSync }, bytes] = await Promise.all([import("fflate"), source.whole()]);
  try {
    const files = Object.entries(unzipSync(bytes, { filter: ({ name }) => name.endsWith(".npy") }));
    return new Map(files.map(([name, content]) => [name.slice(0, -".npy".length), content]));
  } catch (error) {
    throw new Failure(
      `${source.name} cannot be unpacked: ${messageOf(error)}. It is damaged or was cut off; get it again.`,
    );
  }
}

const PART = /_([a-z]+)$/i;

/** The arrays that end in "_train", if there are any and no other part is asked for; else all. */
function choosePart(
  names: readonly string[],
  part: string | undefined,
  file: string,
): { chosen: string[]; left: string[] } {
  const ending = part ?? "train";
  const chosen = names.filter(
    (name) => name === ending || PART.exec(name)?.[1]?.toLowerCase() === ending.toLowerCase(),
  );
  if (chosen.length > 0) return { chosen, left: names.filter((name) => !chosen.includes(name)) };
  if (part === undefined) return { chosen: [...names], left: [] };
  throw new Failure(`${file} has no arrays whose names end in "_${part}"; its arrays are ${names.join(", ")}.`);
}

/** So that a model that was trained on X or x_train predicts on x_test too. */
const plainName = (name: string): string => {
  const stem = name.replace(/_(train|test|val|valid|validation)$/i, "");
  return stem === "X" || stem === "Y" ? stem.toLowerCase() : stem;
};
