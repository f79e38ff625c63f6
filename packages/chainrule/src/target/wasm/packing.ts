/** Copies a matrix into panels: 8 columns wide, row after row, one panel after the other, the last filled with zeros. */
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";

/** Columns of a panel, and the bytes of one row of it in float32. */
export const PANEL = 8;
export const FLOAT_BYTES = 4;
export const PANEL_BYTES = PANEL * FLOAT_BYTES;
const VECTOR = 4;

/** A matrix of `rows` × `columns` with its strides in bytes. */
export interface Packing {
  readonly rows: number;
  readonly columns: number;
  readonly rowBytes: number;
  readonly columnBytes: number;
}

/** (from: i32, to: i32): packs the matrix at address `from`. */
export function packFunction(packing: Packing): WasmFunction {
  const { rows, columns, columnBytes } = packing;
  const name = `pack_${rows}x${columns}`;
  const writer = new FunctionWriter(
    name,
    [
      ["from", "i32"],
      ["to", "i32"],
    ],
    [],
  );
  const [from, to] = writer.params as readonly [Local, Local];
  writer.repeat(Math.floor(columns / PANEL), "panel", () => {
    writePanel(writer, packing, from, to, PANEL);
    writer.advance(from, PANEL * columnBytes);
  });
  if (columns % PANEL > 0) writePanel(writer, packing, from, to, columns % PANEL);
  return writer.finish();
}

/** Packs `width` columns that begin at `from`; `to` moves on by what is written. */
function writePanel(writer: FunctionWriter, packing: Packing, from: Local, to: Local, width: number): void {
  const { rows, rowBytes } = packing;
  const at = writer.local("i32", "at");
  writer.get(from);
  writer.set(at);
  const blocks = rowBytes === FLOAT_BYTES ? Math.floor(rows / VECTOR) : 0;
  writer.repeat(blocks, "rows", () => {
    for (let first = 0; first < PANEL; first += VECTOR) {
      transposeBlock(writer, packing, { at, to, first, valid: Math.min(VECTOR, width - first) });
    }
    writer.advance(at, VECTOR * rowBytes);
    writer.advance(to, VECTOR * PANEL_BYTES);
  });
  writer.repeat(rows - VECTOR * blocks, "row", () => {
    for (let first = 0; first < PANEL; first += VECTOR) {
      copyRow(writer, packing, { at, to, first, valid: Math.min(VECTOR, width - first) });
    }
    writer.advance(at, rowBytes);
    writer.advance(to, PANEL_BYTES);
  });
  writer.release(at);
}

/** Columns `first` … `first + 3` of a panel, of which `valid` (maybe none) exist. */
interface Part {
  readonly at: Local;
  readonly to: Local;
  readonly first: number;
  readonly valid: number;
}

const pushZero = (writer: FunctionWriter): void => writer.v128(new Int32Array(VECTOR));

function copyRow(writer: FunctionWriter, { columnBytes }: Packing, { at, to, first, valid }: Part): void {
  const values = writer.local("v128", "values");
  if (valid === VECTOR && columnBytes === FLOAT_BYTES) {
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
  writer.memory("v128.store", first * FLOAT_BYTES);
  writer.release(values);
}

/** Four columns that lie contiguously become four rows. */
function transposeBlock(writer: FunctionWriter, { columnBytes }: Packing, { at, to, first, valid }: Part): void {
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
    writer.memory("v128.store", row * PANEL_BYTES + first * FLOAT_BYTES);
  }
  writer.release(...columns, low01, high01, low23, high23);
}
