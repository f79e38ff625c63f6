/** What will go wrong with a table, beyond what the kinds of its columns tell. */
import { checkData, type Finding } from "chainrule/data";
import type { Table } from "chainrule/table";

/** What the encoders of a model take care of, or the kinds of columns say already. */
const HANDLED: ReadonlySet<Finding["kind"]> = new Set<Finding["kind"]>([
  "missing",
  "text",
  "category",
  "date",
  "identifier",
  "scale",
  "constant",
]);

/** The findings about the columns that are used. */
export function findingsOf({
  table,
  target,
  columns,
}: {
  readonly table: Table;
  readonly target: string;
  readonly columns: readonly { readonly name: string; readonly use: string }[];
}): Finding[] {
  const used = table.select(columns.flatMap(({ name, use }) => (use === "none" ? [] : [name])));
  const rows = Array.from({ length: used.length }, (_, i) => used.columns.map((cells) => String(cells[i] ?? "")));
  return checkData({ cells: [used.names, ...rows], target }).findings.filter(({ kind }) => !HANDLED.has(kind));
}
