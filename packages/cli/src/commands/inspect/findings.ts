/** What will go wrong with a table, beyond what the kinds of its columns tell. */
import { checkData, type Finding } from "chainrule/data";
import type { ColumnInfo, Table } from "chainrule/table";
import { wrap } from "../../render/table.ts";

/** What the encoders of a model take care of, or what the kinds of columns say already. */
const TOLD: ReadonlySet<Finding["kind"]> = new Set<Finding["kind"]>([
  ...(["missing", "text", "category", "date", "identifier", "scale", "constant"] as const),
]);

/** For those who do not program. */
const ADVICE: { readonly [kind in Finding["kind"]]?: string } = {
  sorted: "chainrule train shuffles the rows before it parts them; before you part them yourself, shuffle them.",
};

/** The findings about the columns that are used; those about the target only where it is known. */
export function findingsOf(table: Table, columns: readonly ColumnInfo[], target?: string): Finding[] {
  const used = table.select(columns.flatMap(({ name, use }) => (use === "none" ? [] : [name])));
  const rows = Array.from({ length: used.length }, (_, i) => used.columns.map((cells) => String(cells[i] ?? "")));
  return checkData({ cells: [used.names, ...rows], ...(target === undefined ? {} : { target }) })
    .findings.filter(({ kind }) => !TOLD.has(kind))
    .map((finding) => ({ ...finding, advice: ADVICE[finding.kind] ?? finding.advice }));
}

/** @param columns the width of the terminal */
export const renderFindings = (findings: readonly Finding[], columns: number): string =>
  findings
    .map(({ severity, message, advice }) => wrap(`${severity}: ${message} ${advice}`, columns - 2).join("\n  "))
    .join("\n");
