/** Places of the picture in the units of the visitor's table. */
import { EXTENT, type OwnTable, type Scale, type State, tableOf, toReal, usedRows } from "../../state/index.ts";

export interface Units {
  readonly x: Scale;
  readonly y: Scale;
  /** Of a value; undefined for classes. */
  readonly target: Scale | undefined;
  readonly names: { readonly x: string; readonly y: string; readonly target: string };
}

/** Undefined where the picture has no units of its own. */
export function unitsOf(state: Pick<State, "data" | "table">): Units | undefined {
  const table = tableOf(state);
  if (table === undefined) return undefined;
  const { x, y, target, rows } = usedRows(table);
  if (rows.length === 0) return undefined;
  return {
    x,
    y,
    target,
    names: { x: nameAt(table, table.x), y: nameAt(table, table.y), target: nameAt(table, table.target) },
  };
}

export const nameAt = (table: OwnTable, at: number): string => table.columns[at]?.name ?? "";

/** A place as a number of the table, to read: with as many decimals as tell a hundredth of the picture. */
export function real(scale: Scale, place: number): string {
  const value = toReal(scale, place);
  const decimals = 2 - Math.floor(Math.log10(2 * EXTENT * scale.unit));
  const text = decimals > 20 ? value.toPrecision(3) : value.toFixed(Math.max(0, decimals));
  return String(Number(text) + 0).replace("-", "−");
}

/** How far an axis reaches. */
export function axisText(scale: Scale): string {
  const ends = `${real(scale, -EXTENT)} to ${real(scale, EXTENT)}`;
  if (scale.deviation === 0) return ends;
  return `${ends}, the mean ± ${((EXTENT * scale.unit) / scale.deviation).toPrecision(2)} σ`;
}
