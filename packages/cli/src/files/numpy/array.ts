/** The rows of an array: its first axis, with all other axes as columns. */
import type { Cell } from "chainrule/table";
import { Failure } from "../../failure.ts";
import type { Header } from "./npy.ts";

/** A row of an array that is in memory. */
export type RowReader = (row: number) => Cell[];

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** The number of columns. */
export const widthOf = ({ shape }: Header): number => product(shape.slice(1));

/** "x" of an array of one axis, else "x_0", "x_1" … */
export const columnNames = (name: string, header: Header): string[] =>
  header.shape.length === 1 ? [name] : Array.from({ length: widthOf(header) }, (_, j) => `${name}_${j}`);

/** More are not data, but a damaged shape. */
const MOST_COLUMNS = 1e6;

/** @throws Failure for a single number, for an array without elements, and for one that is too wide */
export function requireRows(header: Header, name: string): void {
  const { shape } = header;
  if (shape.length === 0) throw new Failure(`${name} holds a single number, no table.`);
  if (product(shape) === 0) throw new Failure(`${name} holds no elements: its shape is ${formatShape(shape)}.`);
  const width = widthOf(header);
  if (width > MOST_COLUMNS)
    throw new Failure(`${name} has ${width} columns: its shape is ${formatShape(shape)}. A table can have a million.`);
}

export const formatShape = (shape: readonly number[]): string =>
  `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** @throws Failure if there are fewer or more bytes than the shape needs */
export function requireSize(header: Header, bytes: number, name: string): void {
  const expected = product(header.shape) * header.itemSize;
  if (bytes === expected) return;
  throw new Failure(
    `${name} needs ${expected} bytes for its shape ${formatShape(header.shape)}, and there are ${bytes}: it is ` +
      `${bytes < expected ? "cut off" : "too long"}. Get the file again.`,
  );
}

/** @param bytes the elements only */
export function rowReader(header: Header, bytes: Uint8Array): RowReader {
  const { itemSize, read, shape } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = elementOffsets(header);
  const step = itemSize * (header.fortranOrder ? 1 : widthOf(header));
  if (offsets.length === 1 && shape.length === 1) return (row) => [read(view, row * itemSize)];
  return (row) => Array.from(offsets, (offset) => read(view, row * step + offset));
}

/** Where the elements of row 0 are, in the order of the columns, in which the last axis runs fastest. */
function elementOffsets({ shape, itemSize, fortranOrder }: Header): Float64Array {
  const inner = shape.slice(1);
  // In Fortran's order the first axis runs fastest, so the axis k is product(shape[0 … k-1]) apart.
  const strides = inner.map((_, k) => (fortranOrder ? product(shape.slice(0, k + 1)) : product(inner.slice(k + 1))));
  const offsets = new Float64Array(product(inner));
  for (let j = 0; j < offsets.length; j++) {
    let [rest, offset] = [j, 0];
    for (let k = inner.length - 1; k >= 0; k--) {
      offset += (rest % (inner[k] as number)) * (strides[k] as number);
      rest = Math.floor(rest / (inner[k] as number));
    }
    offsets[j] = offset * itemSize;
  }
  return offsets;
}
