/** How large numbers are drawn, in CSS pixels. */
import type { FlowNode, Numbers } from "../../engine/index.ts";

/** Up to so many columns, cells hold their numbers as text. */
const MOST_WRITTEN = 4;
const CELL = { written: { width: 39, height: 20 }, plain: { width: 15, height: 15 } } as const;
/** Examples of a batch that are drawn in a node. */
const MOST_ROWS = 4;
const HEAD = 26;
const BETWEEN = 6;
const EDGE = 7;

export const isWritten = ({ shownColumns }: Numbers): boolean => shownColumns <= MOST_WRITTEN;

/** Of parameters all rows; of other quantities those of the first examples. */
export const rowsOf = ({ kind, value }: Pick<FlowNode, "kind" | "value">): number =>
  kind === "parameter" ? value.shownRows : Math.min(MOST_ROWS, value.shownRows);

/** Of the numbers of a node. */
export function cellsSize(node: FlowNode): { readonly width: number; readonly height: number } {
  const { width, height } = isWritten(node.value) ? CELL.written : CELL.plain;
  return { width: node.value.shownColumns * width, height: rowsOf(node) * height };
}

export const widthOf = (node: FlowNode): number =>
  2 * EDGE + Math.max(cellsSize(node).width, 12 + 7.5 * node.label.length);

export const heightOf = (node: FlowNode): number =>
  HEAD +
  EDGE +
  cellsSize(node).height * (node.gradient === undefined ? 1 : 2) +
  (node.gradient === undefined ? 0 : BETWEEN);
