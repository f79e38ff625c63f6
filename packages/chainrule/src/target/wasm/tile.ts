/** The innermost part of a float32 matrix product: a tile whose sums stay in vector registers while k runs. */
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import { FLOAT_BYTES, PANEL } from "./packing.ts";

const VECTOR = 4;

/** Steps of k between two tests of the loop: enough to hide the loop, few enough not to exhaust the registers. */
const UNROLL = 4;

/** A tile of `rows` rows and `panels` panels of 8 columns; all strides are in bytes. */
export interface Tile {
  readonly rows: number;
  readonly panels: number;
  /** Columns that exist: 8 for each panel, or fewer in the last panel of a matrix. */
  readonly columns: number;
  readonly k: number;
  readonly a: { readonly rowBytes: number; readonly columnBytes: number };
  /** The distance between two rows of b in one panel, and between two panels. */
  readonly b: { readonly rowBytes: number; readonly panelBytes: number };
  readonly out: { readonly rowBytes: number; readonly columnBytes: number };
  /** Use relaxed multiply-add. */
  readonly relaxed: boolean;
}

/** Four columns of a tile. */
interface Column {
  /** The first column, and how many of the four exist. */
  readonly first: number;
  readonly valid: number;
  /** Where its vector lies in a row of b. */
  readonly offset: number;
}

function columnsOf({ columns, b }: Tile): Column[] {
  return Array.from({ length: Math.ceil(columns / VECTOR) }, (_, vector) => {
    const first = vector * VECTOR;
    const panel = Math.floor(first / PANEL);
    const offset = panel * b.panelBytes + (first % PANEL) * FLOAT_BYTES;
    return { first, valid: Math.min(VECTOR, columns - first), offset };
  });
}

/** (a: i32, b: i32, out: i32, count: i32): computes `count` tiles side by side, count > 0. */
export function tileFunction(tile: Tile): WasmFunction {
  const { rows, panels, b, out } = tile;
  const params = [
    ["a", "i32"],
    ["b", "i32"],
    ["out", "i32"],
    ["count", "i32"],
  ] as const;
  const writer = new FunctionWriter(`tile_${rows}x${tile.columns}x${tile.k}`, params, []);
  const [a, bAt, outAt, count] = writer.params as readonly [Local, Local, Local, Local];
  writer.block("loop", "tiles", (again) => {
    const sums = new TileWriter(writer, tile).write(a, bAt);
    storeSums(writer, tile, sums, outAt);
    writer.advance(bAt, panels * b.panelBytes);
    writer.advance(outAt, panels * PANEL * out.columnBytes);
    writer.get(count);
    writer.i32(1);
    writer.op("i32.sub");
    writer.tee(count);
    writer.branch("br_if", again);
  });
  return writer.finish();
}

class TileWriter {
  readonly #writer: FunctionWriter;
  readonly #tile: Tile;
  readonly #columns: readonly Column[];
  /** One vector of sums for each row and column. */
  readonly #sums: readonly (readonly Local[])[];

  constructor(writer: FunctionWriter, tile: Tile) {
    this.#writer = writer;
    this.#tile = tile;
    this.#columns = columnsOf(tile);
    this.#sums = Array.from({ length: tile.rows }, () => this.#columns.map(() => writer.local("v128", "sum")));
  }

  write(a: Local, b: Local): readonly (readonly Local[])[] {
    const writer = this.#writer;
    const { k } = this.#tile;
    for (const sum of this.#sums.flat()) {
      writer.v128(new Int32Array(VECTOR));
      writer.set(sum);
    }
    const atA = writer.local("i32", "a");
    const atB = writer.local("i32", "b");
    writer.get(a);
    writer.set(atA);
    writer.get(b);
    writer.set(atB);
    writer.repeat(Math.floor(k / UNROLL), "k", () => {
      this.#steps(UNROLL, atA, atB);
      writer.advance(atA, UNROLL * this.#tile.a.columnBytes);
      writer.advance(atB, UNROLL * this.#tile.b.rowBytes);
    });
    this.#steps(k % UNROLL, atA, atB);
    writer.release(atA, atB);
    return this.#sums;
  }

  #steps(count: number, a: Local, b: Local): void {
    for (let step = 0; step < count; step++) this.#step(step, a, b);
  }

  /** sums += column of a × row of b, keeping the shorter of the two in registers. */
  #step(step: number, a: Local, b: Local): void {
    const writer = this.#writer;
    const tile = this.#tile;
    const load = (local: Local, from: Local, op: "v128.load" | "v128.load32_splat", offset: number): void => {
      writer.get(from);
      writer.memory(op, offset);
      writer.set(local);
    };
    const loadRow = (local: Local, row: number): void =>
      load(local, a, "v128.load32_splat", row * tile.a.rowBytes + step * tile.a.columnBytes);
    const loadColumn = (local: Local, column: number): void =>
      load(local, b, "v128.load", (this.#columns[column] as Column).offset + step * tile.b.rowBytes);
    const byRow = this.#columns.length <= tile.rows;
    const [outer, inner] = byRow ? [tile.rows, this.#columns.length] : [this.#columns.length, tile.rows];
    const kept = Array.from({ length: inner }, () => writer.local("v128", "kept"));
    const passing = writer.local("v128", "passing");
    kept.forEach(byRow ? loadColumn : loadRow);
    for (let o = 0; o < outer; o++) {
      (byRow ? loadRow : loadColumn)(passing, o);
      kept.forEach((local, i) => {
        const sum = this.#sums[byRow ? o : i]?.[byRow ? i : o] as Local;
        this.#multiplyAdd(sum, passing, local);
      });
    }
    writer.release(...kept, passing);
  }

  #multiplyAdd(sum: Local, x: Local, y: Local): void {
    const writer = this.#writer;
    writer.get(x);
    writer.get(y);
    if (!this.#tile.relaxed) writer.op("f32x4.mul");
    writer.get(sum);
    writer.op(this.#tile.relaxed ? "f32x4.relaxed_madd" : "f32x4.add");
    writer.set(sum);
  }
}

function storeSums(writer: FunctionWriter, tile: Tile, sums: readonly (readonly Local[])[], to: Local): void {
  const { rowBytes, columnBytes } = tile.out;
  sums.forEach((row, r) => {
    columnsOf(tile).forEach(({ first, valid }, c) => {
      const sum = row[c] as Local;
      const offset = r * rowBytes + first * columnBytes;
      if (valid === VECTOR && columnBytes === FLOAT_BYTES) {
        writer.get(to);
        writer.get(sum);
        writer.memory("v128.store", offset);
        return;
      }
      for (let lane = 0; lane < valid; lane++) {
        writer.get(to);
        writer.get(sum);
        writer.memoryLane("v128.store32_lane", offset + lane * columnBytes, lane);
      }
    });
  });
  writer.release(...sums.flat());
}
