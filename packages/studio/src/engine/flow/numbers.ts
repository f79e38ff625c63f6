/** Tensors as the numbers that are shown of them. */
import type { Tensor } from "chainrule";
import type { Numbers } from "./trace.ts";

/** How much of a tensor is shown. */
export interface Most {
  readonly rows: number;
  readonly columns: number;
}

/** A layer's units all, and a few examples. */
export const MOST: Most = { rows: 8, columns: 8 };

/** Leading axes are rows. */
export function numbersOf(t: Tensor, most: Most = MOST): Numbers {
  const columns = t.shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : t.size / columns;
  const all = t.dataSync();
  const [shownRows, shownColumns] = [Math.min(rows, most.rows), Math.min(columns, most.columns)];
  const values = new Float32Array(shownRows * shownColumns);
  for (let row = 0; row < shownRows; row++) {
    for (let column = 0; column < shownColumns; column++) {
      values[row * shownColumns + column] = Number(all[row * columns + column]);
    }
  }
  let largest = 0;
  for (let i = 0; i < all.length; i++) largest = Math.max(largest, Math.abs(Number(all[i])));
  return { shape: t.shape, rows, columns, shownRows, shownColumns, values, largest };
}
