/** IDX files, as of MNIST: images as columns of pixels, with the labels from the file beside. */
import { basename, dirname, join } from "node:path";
import type { Cell } from "chainrule/table";
import { Failure, messageOf } from "../failure.ts";
import { openSource, type Source } from "./source.ts";
import { type Batch, batchLength, numberedBatch, type Reader } from "./table-file.ts";

/** What of an array is needed. */
interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export async function openIDX(source: Source): Promise<Reader> {
  const { shape, data } = await readArray(source);
  const length = shape[0] ?? 0;
  if (data.length === 0 || length === 0)
    throw new Failure(`${source.name} holds no numbers: its shape is ${shape.join("×")}.`);
  const width = data.length / length;
  const labels = shape.length > 1 ? await readLabels(source.path, length) : undefined;
  const columns = shape.length === 1 ? [singleName(source.name)] : namedPixels(shape.length, width);
  if (labels !== undefined) columns.push("label");
  const read = (row: number): Cell[] => {
    const cells: Cell[] = Array.from({ length: width }, (_, j) => cellOf(data[row * width + j] as number));
    if (labels !== undefined) cells.push(labels.data[row] as number);
    return cells;
  };

  async function* batches(): AsyncGenerator<Batch> {
    const most = batchLength(columns.length);
    for (let start = 0; start < length; start += most)
      yield numberedBatch(
        Array.from({ length: Math.min(most, length - start) }, (_, i) => read(start + i)),
        start,
      );
  }
  const notes = labels === undefined ? [] : [`labels from ${labels.name}`];
  return { columns, notes, length, batches };
}

const cellOf = (value: number): Cell => (Number.isNaN(value) ? null : value);

const singleName = (file: string): string => (/label/i.test(file) ? "label" : "x");

/** Three axes are images. */
const namedPixels = (rank: number, width: number): string[] =>
  Array.from({ length: width }, (_, j) => `${rank === 3 ? "pixel" : "x"}_${j}`);

async function readArray(source: Source): Promise<Values> {
  const [{ DataError, parseIDX }, bytes] = await Promise.all([import("chainrule/data"), source.whole()]);
  try {
    return parseIDX(bytes);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new Failure(`${source.name}: ${messageOf(error).replace("parseIDX: ", "")} Get the file again.`);
  }
}

/** Labels lie beside as "train-labels-idx1-ubyte" does beside "train-images-idx3-ubyte" (Y. LeCun et al., as in the MNIST files). */
async function readLabels(
  path: string | undefined,
  length: number,
): Promise<(Values & { readonly name: string }) | undefined> {
  if (path === undefined || !basename(path).includes("images")) return undefined;
  const name = basename(path).replace("images", "labels").replace(/idx\d/, "idx1");
  const plain = name.replace(/\.gz$/, "");
  for (const candidate of new Set([name, plain, `${plain}.gz`])) {
    const source = await openIfThere(join(dirname(path), candidate));
    if (source === undefined) continue;
    try {
      const labels = await readArray(source);
      if (labels.shape.length === 1 && labels.shape[0] === length) return { ...labels, name: source.name };
      throw new Failure(
        `${source.name} must hold one label for each of the ${length} images in ${path}; its shape is ${labels.shape.join("×")}. ` +
          "Move it away if it does not belong to them.",
      );
    } finally {
      await source.close();
    }
  }
  return undefined;
}

async function openIfThere(path: string): Promise<Source | undefined> {
  try {
    return await openSource(path);
  } catch {
    return undefined;
  }
}
