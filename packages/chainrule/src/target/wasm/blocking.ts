/**
 * How a product's loops are cut so that what is used again is still in a cache, and which factors are copied for that.
 * The limits are measured, on Zen 4: 32 KiB of first-level and 1 MiB of second-level cache a core.
 */
import type { Product } from "../../loop/ir.ts";
import { FLOAT_BYTES, VECTOR } from "./tiling.ts";

export interface Blocking {
  /** The most terms of a sum, and the most columns, that are computed before the next ones are begun. */
  readonly k: number;
  readonly columns: number;
  /** Whether the rows of a are copied for each row of tiles, and a block of b before all of them. */
  readonly packsA: boolean;
  readonly packsB: boolean;
}

/** The most terms of a block, and fewer where rows of a are copied for them: then columns are many. */
const TERMS = 1024;
const TERMS_FOR_A = 128;
/** Of a single row, as measured: in 128-bit vectors 1×784×128 takes a sixth less so than in one block. */
const TERMS_OF_ROW = 256;

/** A cache line, and the columns in it: blocks begin at whole ones. */
const LINE_BYTES = 64;
export const LINE = LINE_BYTES / FLOAT_BYTES;
/** Elements of b that stay in the second-level cache while all rows of a pass: 256 KiB. */
const BLOCK = 64 * 1024;

/** Elements of b that are worth a call of the function that copies them. */
const PANEL = 2048;

/** A factor this large comes from the third-level cache or from memory. */
const LARGE_BYTES = 1024 * 1024;

/** Rows, or columns, whose distance is a multiple of the period lie in the same few sets of a cache, where they displace each other. */
const isCrowded = (strideBytes: number, period: number): boolean => strideBytes > 0 && strideBytes % period === 0;
const PERIOD_A = 2048;
const PERIOD_B = 4096;
/** Columns of a that spread farther take more pages than the first-level TLB of many processors has entries: 64. */
const REACH_BYTES = 256 * 1024;

/** Columns that use it from which on a copy of rows of a pays, and rows for a copy of b, by what the copy is for. */
const COLUMNS_FOR_A = 32;
const ROWS = { filling: 12, crowded: 17, reused: 48, large: 256 };
const REUSED_BYTES = 32 * 1024;

export function blockingOf(product: Product): Blocking {
  const packsA = isPackedA(product);
  const packsB = isPackedB(product, packsA);
  const { m, n, k, b } = product;
  if (packsA) return { k: TERMS_FOR_A, columns: columnsOf(BLOCK, Math.min(k, TERMS_FOR_A)), packsA, packsB };
  // Panels as narrow as one cache line, which is the widest tile of many rows: what is copied is used at once.
  if (packsB) return { k: TERMS, columns: columnsOf(PANEL, k), packsA, packsB };
  // So few rows that b is read but few times: in the order of addresses, page by page.
  const streams = m < ROWS.crowded && b.rowStride * k * FLOAT_BYTES >= LARGE_BYTES;
  if (streams) return { k: m <= 2 ? 16 : 64, columns: n, packsA, packsB };
  return { k: m === 1 ? TERMS_OF_ROW : TERMS, columns: columnsOf(BLOCK, Math.min(k, TERMS)), packsA, packsB };
}

const columnsOf = (elements: number, rows: number): number => Math.max(LINE, Math.floor(elements / rows / LINE) * LINE);

/** Columns of a far apart are fetched once for all columns of b. */
function isPackedA({ n, k, a }: Product): boolean {
  if (a.colStride === 1 || n < COLUMNS_FOR_A) return false;
  const strideBytes = a.colStride * FLOAT_BYTES;
  return isCrowded(strideBytes, PERIOD_A) || Math.min(k, TERMS) * strideBytes > REACH_BYTES;
}

function isPackedB({ m, n, k, b }: Product, packsA: boolean): boolean {
  if (b.colStride !== 1) return true;
  if (n % (2 * VECTOR) !== 0) return m >= ROWS.filling;
  const bytes = k * n * FLOAT_BYTES;
  if (packsA) return m >= ROWS.reused && bytes > REUSED_BYTES;
  return (
    (isCrowded(b.rowStride * FLOAT_BYTES, PERIOD_B) && m >= ROWS.crowded) || (bytes > LARGE_BYTES && m >= ROWS.large)
  );
}

/** Bytes between the rows of a copy: whole pairs of vectors, not crowded. */
export function copiedRowBytes(columns: number): number {
  const bytes = Math.ceil(columns / (2 * VECTOR)) * 2 * VECTOR * FLOAT_BYTES;
  return isCrowded(bytes, 512) ? bytes + LINE_BYTES : bytes;
}

/** Nearly equal sections of an extent, none longer than `most`, all but the last of whole grains. */
export function sections(extent: number, most: number, grain: number): { size: number; count: number }[] {
  const size = Math.min(extent, Math.ceil(extent / Math.ceil(extent / most) / grain) * grain);
  return [
    { size, count: Math.floor(extent / size) },
    { size: extent % size, count: 1 },
  ].filter((section) => section.size > 0);
}
