/** The innermost part of a float32 matrix product: a tile whose sums stay in vector registers while k runs. */
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import { FLOAT_BYTES, VECTOR } from "./tiling.ts";

const VECTOR_BYTES = VECTOR * FLOAT_BYTES;

/** Steps of k between two tests of the loop: enough to hide the loop, few enough not to exhaust the registers. */
const UNROLL = 4;

/** A tile of `rows` rows and `columns` columns; all strides are in bytes. */
export interface Tile {
  readonly rows: number;
  /** Columns that are stored. Sums are kept for the columns that `vectors` have. */
  readonly columns: number;
  readonly vectors: number;
  readonly k: number;
  readonly a: { readonly rowBytes: number; readonly columnBytes: number };
  readonly b: { readonly rowBytes: number };
  readonly out: { readonly rowBytes: number; readonly columnBytes: number };
  /** Use relaxed multiply-add. */
  readonly relaxed: boolean;
  /** Add to what is in `out`. */
  readonly continues: boolean;
  /**
   * Store neighbouring vectors in pairs, which is where V8's revectorizer starts to join them; pairs of which `out` has
   * no room for every column go through the spare memory.
   */
  readonly paired: boolean;
}

/** Bytes of spare memory that a tile may need: 24 vectors of sums. */
export const SPARE_BYTES = 24 * VECTOR_BYTES;

/** (a: i32, b: i32, out: i32, count: i32, spare: i32): computes `count` tiles side by side, count > 0. */
export function tileFunction(tile: Tile): WasmFunction {
  const params = ["a", "b", "out", "count", "spare"].map((name) => [name, "i32"] as const);
  const writer = new FunctionWriter(`tile_${tile.rows}x${tile.columns}x${tile.k}`, params, []);
  const [a, b, out, count, spare] = writer.params as readonly [Local, Local, Local, Local, Local];
  writer.block("loop", "tiles", (again) => {
    const sums = new TileWriter(writer, tile).write(a, b, { out, spare });
    storeSums(writer, tile, sums, { out, spare });
    writer.advance(b, tile.columns * FLOAT_BYTES);
    writer.advance(out, tile.columns * tile.out.columnBytes);
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
  /** One vector of sums for each row and column. */
  readonly #sums: readonly (readonly Local[])[];

  constructor(writer: FunctionWriter, tile: Tile) {
    this.#writer = writer;
    this.#tile = tile;
    const row = (): Local[] => Array.from({ length: tile.vectors }, () => writer.local("v128", "sum"));
    this.#sums = Array.from({ length: tile.rows }, row);
  }

  write(a: Local, b: Local, to: Places): readonly (readonly Local[])[] {
    const writer = this.#writer;
    const { k } = this.#tile;
    if (this.#tile.continues) loadSums(writer, this.#tile, this.#sums, to);
    else for (const sum of this.#sums.flat()) setZero(writer, sum);
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
      load(local, b, "v128.load", column * VECTOR_BYTES + step * tile.b.rowBytes);
    const byRow = tile.vectors <= tile.rows;
    const [outer, inner] = byRow ? [tile.rows, tile.vectors] : [tile.vectors, tile.rows];
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

/** Where results go. */
interface Places {
  readonly out: Local;
  readonly spare: Local;
}

/** Four sums of a row, of which `valid` (maybe none) belong to columns that exist. */
interface Part {
  readonly sum: Local;
  readonly valid: number;
  /** Whether all four lie side by side in out. */
  readonly whole: boolean;
  /** Whether it goes through the spare memory, and its offsets there and in out. */
  readonly spared: boolean;
  readonly spareOffset: number;
  readonly offset: number;
}

function partsOf(tile: Tile, sums: readonly (readonly Local[])[]): Part[] {
  const { columns, vectors, out, paired } = tile;
  const isWhole = (vector: number): boolean => (vector + 1) * VECTOR <= columns && out.columnBytes === FLOAT_BYTES;
  return sums.flatMap((row, r) =>
    row.map((sum, vector) => {
      const twin = vector % 2 === 0 ? vector + 1 : vector - 1;
      const spared = paired && twin < vectors && !(isWhole(vector) && isWhole(twin));
      const valid = Math.max(0, Math.min(VECTOR, columns - vector * VECTOR));
      const offset = r * out.rowBytes + vector * VECTOR * out.columnBytes;
      const spareOffset = (r * vectors + vector) * VECTOR_BYTES;
      return { sum, valid, whole: isWhole(vector), spared, spareOffset, offset };
    }),
  );
}

/** The reverse of `storeSums`: pairs are loaded as pairs, too. */
function loadSums(
  writer: FunctionWriter,
  tile: Tile,
  sums: readonly (readonly Local[])[],
  { out, spare }: Places,
): void {
  const parts = partsOf(tile, sums);
  for (const part of parts.filter(({ spared }) => spared)) {
    loadPart(writer, tile, part, out);
    storeVector(writer, spare, part.sum, part.spareOffset);
  }
  for (const part of parts) {
    if (part.spared) loadVector(writer, part.sum, spare, part.spareOffset);
    else loadPart(writer, tile, part, out);
  }
}

function storeSums(
  writer: FunctionWriter,
  tile: Tile,
  sums: readonly (readonly Local[])[],
  { out, spare }: Places,
): void {
  const parts = partsOf(tile, sums);
  for (const part of parts) {
    if (part.spared) storeVector(writer, spare, part.sum, part.spareOffset);
    else storePart(writer, tile, part, out);
  }
  for (const part of parts.filter(({ spared, valid }) => spared && valid > 0)) {
    loadVector(writer, part.sum, spare, part.spareOffset);
    storePart(writer, tile, part, out);
  }
  writer.release(...sums.flat());
}

function loadPart(writer: FunctionWriter, tile: Tile, { sum, valid, whole, offset }: Part, out: Local): void {
  if (whole) {
    loadVector(writer, sum, out, offset);
    return;
  }
  setZero(writer, sum);
  for (let lane = 0; lane < valid; lane++) {
    writer.get(out);
    writer.get(sum);
    writer.memoryLane("v128.load32_lane", offset + lane * tile.out.columnBytes, lane);
    writer.set(sum);
  }
}

function storePart(writer: FunctionWriter, tile: Tile, { sum, valid, whole, offset }: Part, out: Local): void {
  if (whole) {
    storeVector(writer, out, sum, offset);
    return;
  }
  for (let lane = 0; lane < valid; lane++) {
    writer.get(out);
    writer.get(sum);
    writer.memoryLane("v128.store32_lane", offset + lane * tile.out.columnBytes, lane);
  }
}

function setZero(writer: FunctionWriter, vector: Local): void {
  writer.v128(new Int32Array(VECTOR));
  writer.set(vector);
}

function loadVector(writer: FunctionWriter, values: Local, from: Local, offset: number): void {
  writer.get(from);
  writer.memory("v128.load", offset);
  writer.set(values);
}

function storeVector(writer: FunctionWriter, to: Local, values: Local, offset: number): void {
  writer.get(to);
  writer.get(values);
  writer.memory("v128.store", offset);
}
