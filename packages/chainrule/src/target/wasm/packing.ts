/** Copies a block of a matrix, row after row, whatever its strides; rows are filled up with zeros. */
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import { FLOAT_BYTES, VECTOR } from "./tiling.ts";

/** A matrix of `rows` × `columns` with its strides in bytes. */
export interface Packing {
  readonly rows: number;
  readonly columns: number;
  readonly rowBytes: number;
  readonly columnBytes: number;
  /** Between rows of the copy. */
  readonly copiedRowBytes: number;
}

/** Columns that are copied side by side, so that what is fetched of a row is used at once: 2 cache lines of 64 bytes. */
const WIDTH = 32;

/** (from: i32, to: i32): packs the matrix at address `from`; up to 12 bytes after a row may be read. */
export function packFunction(packing: Packing): WasmFunction {
  const { rows, columns, columnBytes } = packing;
  const params = ["from", "to"].map((name) => [name, "i32"] as const);
  const writer = new FunctionWriter(`pack_${rows}x${columns}`, params, []);
  const [from, to] = writer.params as readonly [Local, Local];
  writer.repeat(Math.floor(columns / WIDTH), "group", () => {
    writeColumns(writer, packing, from, to, WIDTH);
    writer.advance(from, WIDTH * columnBytes);
    writer.advance(to, WIDTH * FLOAT_BYTES);
  });
  if (columns % WIDTH > 0) writeColumns(writer, packing, from, to, columns % WIDTH);
  return writer.finish();
}

/** Copies `width` columns that begin at `from` to `to`, with zeros up to a whole pair of vectors. */
function writeColumns(writer: FunctionWriter, packing: Packing, from: Local, to: Local, width: number): void {
  const { rows, rowBytes, copiedRowBytes } = packing;
  const [at, atCopy] = [writer.local("i32", "at"), writer.local("i32", "at_copy")];
  writer.get(from);
  writer.set(at);
  writer.get(to);
  writer.set(atCopy);
  const parts = Array.from({ length: 2 * Math.ceil(width / 2 / VECTOR) }, (_, part): Part => {
    const first = part * VECTOR;
    return { at, to: atCopy, first, valid: Math.min(VECTOR, width - first), offset: first * FLOAT_BYTES };
  });
  const blocks = rowBytes === FLOAT_BYTES ? Math.floor(rows / VECTOR) : 0;
  writer.repeat(blocks, "rows", () => {
    for (const part of parts) transposeBlock(writer, packing, part);
    writer.advance(at, VECTOR * rowBytes);
    writer.advance(atCopy, VECTOR * copiedRowBytes);
  });
  writer.repeat(rows - VECTOR * blocks, "row", () => {
    for (const part of parts) copyRow(writer, packing, part);
    writer.advance(at, rowBytes);
    writer.advance(atCopy, copiedRowBytes);
  });
  writer.release(at, atCopy);
}

/** Columns `first` … `first + 3`, of which `valid` (maybe none) exist, and the offset of their place in the copy. */
interface Part {
  readonly at: Local;
  readonly to: Local;
  readonly first: number;
  readonly valid: number;
  readonly offset: number;
}

const pushZero = (writer: FunctionWriter): void => writer.v128(new Int32Array(VECTOR));

function copyRow(writer: FunctionWriter, { columnBytes }: Packing, { at, to, first, valid, offset }: Part): void {
  const values = writer.local("v128", "values");
  if (valid > 0 && columnBytes === FLOAT_BYTES) {
    writer.get(at);
    writer.memory("v128.load", first * columnBytes);
    writer.set(values);
  } else {
    pushZero(writer);
    writer.set(values);
    for (let lane = 0; lane < valid; lane++) {
      writer.get(at);
      writer.get(values);
      writer.memoryLane("v128.load32_lane", (first + lane) * columnBytes, lane);
      writer.set(values);
    }
  }
  writer.get(to);
  writer.get(values);
  writer.memory("v128.store", offset);
  writer.release(values);
}

/** Four columns that lie contiguously become four rows. */
function transposeBlock(
  writer: FunctionWriter,
  { columnBytes, copiedRowBytes }: Packing,
  { at, to, first, valid, offset }: Part,
): void {
  const columns = [0, 1, 2, 3].map((column) => {
    const values = writer.local("v128", "column");
    if (column < valid) {
      writer.get(at);
      writer.memory("v128.load", (first + column) * columnBytes);
    } else pushZero(writer);
    writer.set(values);
    return values;
  });
  const joined = (a: Local, b: Local, lanes: readonly [number, number, number, number]): Local => {
    const result = writer.local("v128", "joined");
    writer.get(a);
    writer.get(b);
    writer.shuffle(...lanes);
    writer.set(result);
    return result;
  };
  const [c0, c1, c2, c3] = columns as [Local, Local, Local, Local];
  const [low01, high01] = [joined(c0, c1, [0, 4, 1, 5]), joined(c0, c1, [2, 6, 3, 7])];
  const [low23, high23] = [joined(c2, c3, [0, 4, 1, 5]), joined(c2, c3, [2, 6, 3, 7])];
  const pairs = [
    [low01, low23],
    [high01, high23],
  ] as const;
  for (let row = 0; row < VECTOR; row++) {
    const [a, b] = pairs[row < 2 ? 0 : 1];
    writer.get(to);
    writer.get(a);
    writer.get(b);
    if (row % 2 === 0) writer.shuffle(0, 1, 4, 5);
    else writer.shuffle(2, 3, 6, 7);
    writer.memory("v128.store", offset + row * copiedRowBytes);
  }
  writer.release(...columns, low01, high01, low23, high23);
}
