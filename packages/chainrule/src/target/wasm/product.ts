/**
 * Matrix products. A float32 product is cut into tiles of a few rows by a few panels of 8 columns (`tile.ts`). Rows are
 * the outer loop, so that `a` is read where it lies whatever its strides; `b` is read where it lies if its columns are
 * contiguous and fill whole panels, and otherwise packed once into the scratch (`packing.ts`).
 */
import type { MatrixView, Product } from "../../loop/ir.ts";
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import type { KernelContext } from "./context.ts";
import { pushAddress } from "./expression.ts";
import type { Library } from "./library.ts";
import { FLOAT_BYTES, PANEL_BYTES, type Packing, packFunction } from "./packing.ts";
import { SPARE_BYTES, type Tile, tileFunction } from "./tile.ts";
import { mostRows, mostVectors, PANEL, splitColumns, splitRows, VECTOR } from "./tiling.ts";

/** Bytes of b that one pass over the rows of a uses: half of a second-level cache of 512 KiB. */
const BLOCK_BYTES = 256 * 1024;

/** From these on a copy of b pays: rows that use it, and bytes of it; rows where the copy fills the last panel. */
const PACKING_ROWS = 48;
const PACKING_BYTES = 32 * 1024;
const FILLING_ROWS = 12;

/** Columns that use it from which on a copy of some rows of a pays. */
const ROW_PACKING_COLUMNS = 32;

/** Whether a product is one for tiles: immediate offsets in it need strides that are not negative. */
export function isTiled({ dtype, k, a, b, out }: Product): boolean {
  const strides = [a, b, out].flatMap(({ rowStride, colStride }) => [rowStride, colStride]);
  return dtype === "float32" && k > 0 && strides.every((stride) => stride >= 0);
}

export function writeTiledProduct(ctx: KernelContext, product: Product): void {
  if (product.m === 0 || product.n === 0) return;
  const views = [product.a, product.b, product.out];
  ctx.statement(
    views.map((view) => view.offset),
    () => {
      for (const view of views) pushStart(ctx, view);
      ctx.writer.i32(ctx.buffer(product.scratch).offset);
      ctx.writer.call(productFunction(ctx.library, product));
    },
  );
}

function pushStart(ctx: KernelContext, { buffer, offset }: MatrixView): void {
  const constant = pushAddress(ctx, buffer, offset);
  ctx.writer.i32(constant);
  ctx.writer.op("i32.add");
}

const bytes = ({ rowStride, colStride }: MatrixView): { rowBytes: number; columnBytes: number } => ({
  rowBytes: rowStride * FLOAT_BYTES,
  columnBytes: colStride * FLOAT_BYTES,
});

/** (a, b, out, scratch: i32), the addresses of the matrices. */
function productFunction(library: Library, product: Product): WasmFunction {
  const { m, n, k, a, b, out } = product;
  const strides = [a, b, out].map(({ rowStride, colStride }) => `${rowStride},${colStride}`);
  return library.shared(`product ${m} ${n} ${k} ${strides.join(" ")}`, () => {
    const params = ["a", "b", "out", "scratch"].map((name) => [name, "i32"] as const);
    const writer = new FunctionWriter(`product_${m}x${k}x${n}`, params, []);
    writeBlocks(writer, library, product);
    return writer.finish();
  });
}

/**
 * Whether b is packed: where its columns are apart; where it is used by so many rows that filling the last panel, or
 * reading a large matrix in order of addresses, repays the copy.
 */
function isPacked({ m, n, k, b }: Product): boolean {
  if (b.colStride !== 1) return true;
  if (n % PANEL !== 0) return m >= FILLING_ROWS;
  return m >= PACKING_ROWS && k * n * FLOAT_BYTES > PACKING_BYTES;
}

/** Whether rows of a are packed before each row of tiles, so that columns far apart are fetched only once. */
const packsRows = ({ n, a }: Product): boolean => a.colStride !== 1 && n >= ROW_PACKING_COLUMNS;

/** Parts of the scratch: spare memory of tiles, a panel for rows of a, the panels of b. */
const rowsOffset = SPARE_BYTES;
const panelsOffset = (k: number): number => rowsOffset + k * PANEL_BYTES;

function pushPacked(writer: FunctionWriter, library: Library, packing: Packing, from: Local, to: () => void): void {
  const { rows, columns, rowBytes, columnBytes } = packing;
  writer.get(from);
  to();
  writer.call(library.shared(`pack ${rows} ${columns} ${rowBytes} ${columnBytes}`, () => packFunction(packing)));
}

function writeBlocks(writer: FunctionWriter, library: Library, product: Product): void {
  const { n, k, b } = product;
  const [, from, out, scratch] = writer.params as readonly [Local, Local, Local, Local];
  const packed = isPacked(product);
  const panels = writer.local("i32", "panels");
  if (packed) {
    pushSum(writer, scratch, panelsOffset(k));
    writer.set(panels);
    pushPacked(writer, library, { rows: k, columns: n, ...bytes(b) }, from, () => writer.get(panels));
  } else {
    writer.get(from);
    writer.set(panels);
  }
  const panelBytes = packed ? k * PANEL_BYTES : PANEL_BYTES;
  const layout = { packed, rowBytes: packed ? PANEL_BYTES : b.rowStride * FLOAT_BYTES, panelBytes };
  const perBlock = Math.max(4, Math.floor(BLOCK_BYTES / (k * PANEL_BYTES)));
  const columns = perBlock * PANEL;
  writer.repeat(Math.floor(n / columns), "block", () => {
    writeRows(writer, library, product, { columns, panels, layout });
    writer.advance(panels, perBlock * panelBytes);
    writer.advance(out, columns * product.out.colStride * FLOAT_BYTES);
  });
  if (n % columns > 0) writeRows(writer, library, product, { columns: n % columns, panels, layout });
}

/** Some columns of the product: where their panels of b are, and how they lie. */
interface Block {
  readonly columns: number;
  readonly panels: Local;
  readonly layout: Tile["b"] & { readonly packed: boolean };
}

function writeRows(writer: FunctionWriter, library: Library, product: Product, block: Block): void {
  const { m, n, k } = product;
  const [a, , out, scratch] = writer.params as readonly [Local, Local, Local, Local];
  const [atA, atOut] = [writer.local("i32", "a"), writer.local("i32", "out")];
  writer.get(a);
  writer.set(atA);
  writer.get(out);
  writer.set(atOut);
  const [strideA, strideOut] = [bytes(product.a), bytes(product.out)];
  const packsA = packsRows(product);
  const rowsOfA = packsA ? writer.local("i32", "rows") : atA;
  if (packsA) {
    pushSum(writer, scratch, rowsOffset);
    writer.set(rowsOfA);
  }
  for (const { rows, count } of splitRows(m, mostRows(n, library.engine))) {
    writer.repeat(count, "rows", () => {
      if (packsA) {
        const packing = { rows: k, columns: rows, rowBytes: strideA.columnBytes, columnBytes: strideA.rowBytes };
        pushPacked(writer, library, packing, atA, () => writer.get(rowsOfA));
      }
      const strides = { a: packsA ? { rowBytes: FLOAT_BYTES, columnBytes: PANEL_BYTES } : strideA, out: strideOut };
      writeTiles(writer, library, { rows, k, ...strides }, block, [rowsOfA, atOut]);
      writer.advance(atA, rows * strideA.rowBytes);
      writer.advance(atOut, rows * strideOut.rowBytes);
    });
  }
  writer.release(atA, atOut);
  if (packsA) writer.release(rowsOfA);
}

/** One row of tiles. */
function writeTiles(
  writer: FunctionWriter,
  library: Library,
  row: Pick<Tile, "rows" | "k" | "a" | "out">,
  { columns, panels, layout }: Block,
  [a, out]: readonly [Local, Local],
): void {
  const { relaxed, wide } = library.engine;
  const { packed, ...b } = layout;
  const [, , , scratch] = writer.params as readonly [Local, Local, Local, Local];
  let column = 0;
  for (const part of splitColumns(columns, mostVectors(row.rows, library.engine))) {
    const existing = Math.ceil(part.columns / VECTOR);
    // Panels that are packed have whole pairs of vectors.
    const vectors = wide && packed && existing > 1 ? 2 * Math.ceil(existing / 2) : existing;
    const tile: Tile = { ...row, columns: part.columns, vectors, b, relaxed, paired: wide };
    writer.get(a);
    pushSum(writer, panels, (column / PANEL) * b.panelBytes);
    pushSum(writer, out, column * row.out.columnBytes);
    writer.i32(part.count);
    writer.get(scratch);
    writer.call(library.shared(`tile ${JSON.stringify(tile)}`, () => tileFunction(tile)));
    column += part.count * part.columns;
  }
}

function pushSum(writer: FunctionWriter, local: Local, amount: number): void {
  writer.get(local);
  if (amount === 0) return;
  writer.i32(amount);
  writer.op("i32.add");
}
