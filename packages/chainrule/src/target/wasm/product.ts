/**
 * Matrix products. A float32 product is cut into blocks (`blocking.ts`), these into tiles of a few rows by a few vectors
 * (`tile.ts`), whose sums run through a block's terms in registers and wait in `out` for the next block. The factors are read
 * where they lie, or copied block by block into the scratch (`packing.ts`). Sums are always in order of k.
 */
import type { MatrixView, Product } from "../../loop/ir.ts";
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";
import { type Blocking, blockingOf, copiedRowBytes, LINE, sections } from "./blocking.ts";
import type { KernelContext } from "./context.ts";
import { pushAddress } from "./expression.ts";
import type { Library } from "./library.ts";
import { type Packing, packFunction } from "./packing.ts";
import { SPARE_BYTES, type Tile, tileFunction } from "./tile.ts";
import { FLOAT_BYTES, mostRows, mostVectors, splitColumns, splitRows, VECTOR } from "./tiling.ts";

/** Terms at which blocks may begin: a multiple of those in the body of a tile's loop. */
const TERM_GRAIN = 8;

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

interface Strides {
  readonly rowBytes: number;
  readonly columnBytes: number;
}

const bytes = ({ rowStride, colStride }: MatrixView): Strides => ({
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
    new ProductWriter(writer, library, product).write();
    return writer.finish();
  });
}

/** Some columns and some terms of a product. */
interface Block {
  readonly columns: number;
  readonly k: number;
  /** Whether the terms before them are already in `out`. */
  readonly continues: boolean;
}

class ProductWriter {
  readonly #writer: FunctionWriter;
  readonly #library: Library;
  readonly #product: Product;
  readonly #blocking: Blocking;
  readonly #strides: { readonly a: Strides; readonly b: Strides; readonly out: Strides };
  /** Parts of the scratch: spare memory of tiles, the copies of a and of b. */
  readonly #spare: Local;
  readonly #copyA: Local;
  readonly #copyB: Local;

  constructor(writer: FunctionWriter, library: Library, product: Product) {
    this.#writer = writer;
    this.#library = library;
    this.#product = product;
    this.#blocking = blockingOf(product);
    this.#strides = { a: bytes(product.a), b: bytes(product.b), out: bytes(product.out) };
    this.#spare = writer.params[3] as Local;
    this.#copyA = writer.local("i32", "copy_a");
    this.#copyB = writer.local("i32", "copy_b");
  }

  write(): void {
    const writer = this.#writer;
    const [a, b, out] = writer.params as readonly [Local, Local, Local];
    const { n, k } = this.#product;
    const { columns: mostColumns, k: mostTerms, packsA } = this.#blocking;
    const strides = this.#strides;
    this.#add(this.#copyA, this.#spare, SPARE_BYTES);
    const rowsBytes = copiedRowBytes(mostRows(n, this.#library.engine));
    this.#add(this.#copyB, this.#copyA, packsA ? Math.min(k, mostTerms) * rowsBytes : 0);
    for (const { size: columns, count } of sections(n, mostColumns, LINE)) {
      writer.repeat(count, "columns", () => {
        const [atA, atB] = [this.#copyOf(a), this.#copyOf(b)];
        for (const terms of termsOf(k, mostTerms)) {
          writer.repeat(terms.count, "terms", () => {
            this.#block({ columns, k: terms.size, continues: terms.continues }, atA, atB);
            writer.advance(atA, terms.size * strides.a.columnBytes);
            writer.advance(atB, terms.size * strides.b.rowBytes);
          });
        }
        writer.release(atA, atB);
        writer.advance(b, columns * strides.b.columnBytes);
        writer.advance(out, columns * strides.out.columnBytes);
      });
    }
  }

  #block(block: Block, a: Local, b: Local): void {
    const writer = this.#writer;
    const { columns, k } = block;
    const strides = this.#strides;
    const { packsA, packsB } = this.#blocking;
    const rowBytesB = packsB ? copiedRowBytes(columns) : strides.b.rowBytes;
    if (packsB) this.#pack({ rows: k, columns, ...strides.b, copiedRowBytes: rowBytesB }, b, this.#copyB);
    const [atA, atOut] = [this.#copyOf(a), this.#copyOf(writer.params[2] as Local)];
    for (const { rows, count } of splitRows(this.#product.m, mostRows(this.#product.n, this.#library.engine))) {
      const ownA = packsA ? { rowBytes: FLOAT_BYTES, columnBytes: copiedRowBytes(rows) } : strides.a;
      const row: TileRow = { ...block, rows, a: ownA, b: { rowBytes: rowBytesB }, out: strides.out };
      writer.repeat(count, "rows", () => {
        if (packsA) {
          const { rowBytes: columnBytes, columnBytes: rowBytes } = strides.a;
          const packing = { rows: k, columns: rows, rowBytes, columnBytes, copiedRowBytes: ownA.columnBytes };
          this.#pack(packing, atA, this.#copyA);
        }
        this.#tiles(row, [packsA ? this.#copyA : atA, packsB ? this.#copyB : b, atOut]);
        writer.advance(atA, rows * strides.a.rowBytes);
        writer.advance(atOut, rows * strides.out.rowBytes);
      });
    }
    writer.release(atA, atOut);
  }

  #tiles(row: TileRow, [a, b, out]: readonly [Local, Local, Local]): void {
    const writer = this.#writer;
    const { engine } = this.#library;
    const { columns, ...common } = row;
    let column = 0;
    for (const part of splitColumns(columns, mostVectors(row.rows, engine))) {
      const existing = Math.ceil(part.columns / VECTOR);
      // Copies have whole pairs of vectors.
      const vectors = engine.wide && this.#blocking.packsB && existing > 1 ? 2 * Math.ceil(existing / 2) : existing;
      const tile: Tile = { ...common, columns: part.columns, vectors, relaxed: engine.relaxed, paired: engine.wide };
      writer.get(a);
      this.#pushSum(b, column * FLOAT_BYTES);
      this.#pushSum(out, column * row.out.columnBytes);
      writer.i32(part.count);
      writer.get(this.#spare);
      writer.call(this.#library.shared(`tile ${JSON.stringify(tile)}`, () => tileFunction(tile)));
      column += part.count * part.columns;
    }
  }

  #pack(packing: Packing, from: Local, to: Local): void {
    this.#writer.get(from);
    this.#writer.get(to);
    this.#writer.call(this.#library.shared(`pack ${JSON.stringify(packing)}`, () => packFunction(packing)));
  }

  #copyOf(local: Local): Local {
    const copy = this.#writer.local("i32", local.name);
    this.#add(copy, local, 0);
    return copy;
  }

  #add(target: Local, local: Local, amount: number): void {
    this.#pushSum(local, amount);
    this.#writer.set(target);
  }

  #pushSum(local: Local, amount: number): void {
    this.#writer.get(local);
    if (amount === 0) return;
    this.#writer.i32(amount);
    this.#writer.op("i32.add");
  }
}

/** A row of tiles: what they have in common, and the columns that they cover. */
type TileRow = Pick<Tile, "rows" | "columns" | "k" | "a" | "b" | "out" | "continues">;

/** The sections of k; all but the very first continue sums. */
function termsOf(k: number, most: number): { size: number; count: number; continues: boolean }[] {
  const [first, ...rest] = sections(k, most, TERM_GRAIN) as [{ size: number; count: number }];
  return [
    { size: first.size, count: 1, continues: false },
    { size: first.size, count: first.count - 1, continues: true },
    ...rest.map((section: { size: number; count: number }) => ({ ...section, continues: true })),
  ];
}
