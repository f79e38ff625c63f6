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
import { FLOAT_BYTES, PANEL, PANEL_BYTES, packFunction } from "./packing.ts";
import { type Tile, tileFunction } from "./tile.ts";

/** Bytes of b that one pass over the rows of a uses: half of a second-level cache of 512 KiB. */
const BLOCK_BYTES = 256 * 1024;

/** From these on a copy of b pays: rows that use it, and bytes of it. */
const PACKING_ROWS = 48;
const PACKING_BYTES = 128 * 1024;

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

/** As few tiles as cover m rows, none higher than `most`: all of one height, or of two that differ by one. */
export function splitRows(m: number, most: number): { rows: number; count: number }[] {
  const tiles = Math.ceil(m / most);
  const low = Math.floor(m / tiles);
  const high = m - tiles * low;
  return [
    { rows: low + 1, count: high },
    { rows: low, count: tiles - high },
  ].filter(({ count }) => count > 0);
}

/** The tiles along one row of tiles: as wide as registers allow, then single panels, then what is left of a panel. */
function splitColumns(columns: number, panels: number): { panels: number; columns: number; count: number }[] {
  const whole = Math.floor(columns / PANEL);
  const last = columns % PANEL;
  return [
    { panels, columns: panels * PANEL, count: Math.floor(whole / panels) },
    { panels: 1, columns: PANEL, count: whole % panels },
    { panels: 1, columns: last, count: last > 0 ? 1 : 0 },
  ].filter(({ count }) => count > 0);
}

/**
 * Highest tile: with its 12 sums, 2 vectors of b and 1 of a, 6 × 8 fills the 15 vector registers that V8 gives out on
 * x64. A product that is rounded before the addition needs one register more, so there it is 5 × 8.
 */
const mostRows = (relaxed: boolean): number => (relaxed ? 6 : 5);

/** Low tiles are wider, since at least 8 sums must be under way to keep the multipliers busy. */
const panelsFor = (rows: number): number => (rows === 1 ? 4 : rows === 2 ? 2 : 1);

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
 * Whether b is packed: where its columns are apart or do not fill panels, and where it is so large, and used by so many
 * rows, that reading it in order of addresses repays the copy.
 */
function isPacked({ m, n, k, b }: Product): boolean {
  if (b.colStride !== 1 || n % PANEL !== 0) return true;
  return m >= PACKING_ROWS && k * n * FLOAT_BYTES > PACKING_BYTES;
}

function writeBlocks(writer: FunctionWriter, library: Library, product: Product): void {
  const { n, k, b } = product;
  const [, from, out, scratch] = writer.params as readonly [Local, Local, Local, Local];
  const packed = isPacked(product);
  if (packed) {
    const packing = { rows: k, columns: n, ...bytes(b) };
    const key = `pack ${k} ${n} ${b.rowStride} ${b.colStride}`;
    writer.get(from);
    writer.get(scratch);
    writer.call(library.shared(key, () => packFunction(packing)));
  }
  const panels = packed ? scratch : from;
  const panelBytes = packed ? k * PANEL_BYTES : PANEL_BYTES;
  const layout = { rowBytes: packed ? PANEL_BYTES : b.rowStride * FLOAT_BYTES, panelBytes };
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
  readonly layout: Tile["b"];
}

function writeRows(writer: FunctionWriter, library: Library, product: Product, block: Block): void {
  const { m, k } = product;
  const { relaxed } = library;
  const [a, , out] = writer.params as readonly [Local, Local, Local];
  const [atA, atOut] = [writer.local("i32", "a"), writer.local("i32", "out")];
  writer.get(a);
  writer.set(atA);
  writer.get(out);
  writer.set(atOut);
  const strides = { k, a: bytes(product.a), b: block.layout, out: bytes(product.out), relaxed };
  for (const { rows, count } of splitRows(m, mostRows(relaxed))) {
    writer.repeat(count, "rows", () => {
      writeTiles(
        writer,
        library,
        splitColumns(block.columns, panelsFor(rows)).map((part) => ({ ...part, ...strides, rows })),
        [atA, block.panels, atOut],
      );
      writer.advance(atA, rows * strides.a.rowBytes);
      writer.advance(atOut, rows * strides.out.rowBytes);
    });
  }
  writer.release(atA, atOut);
}

/** One row of tiles. */
function writeTiles(
  writer: FunctionWriter,
  library: Library,
  tiles: readonly (Tile & { readonly count: number })[],
  [a, panels, out]: readonly [Local, Local, Local],
): void {
  let column = 0;
  for (const { count, ...tile } of tiles) {
    writer.get(a);
    pushSum(writer, panels, (column / PANEL) * tile.b.panelBytes);
    pushSum(writer, out, column * tile.out.columnBytes);
    writer.i32(count);
    writer.call(library.shared(`tile ${JSON.stringify(tile)}`, () => tileFunction(tile)));
    column += count * tile.columns;
  }
}

function pushSum(writer: FunctionWriter, local: Local, amount: number): void {
  writer.get(local);
  if (amount === 0) return;
  writer.i32(amount);
  writer.op("i32.add");
}
