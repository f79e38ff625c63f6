/** The columns of a file, one on a line. */
import type { ColumnInfo } from "chainrule/table";
import type { Origin } from "../../prepare/index.ts";
import { figure } from "../../render/numbers.ts";
import { renderTable } from "../../render/table.ts";
import { label } from "../../render/text.ts";

/** So many columns in a row that are alike are told as one. */
const ALIKE = 12;

/** @param columns the width of the terminal */
export function renderColumns(infos: readonly ColumnInfo[], { place }: Pick<Origin, "place">, columns: number): string {
  const rows = grouped(infos).map((group) => {
    const [first, last] = [group[0] as ColumnInfo, group.at(-1) as ColumnInfo];
    const name = group.length === 1 ? label(first.name, 28) : `${label(first.name, 13)} … ${label(last.name, 13)}`;
    const missing = group.reduce((sum, info) => sum + info.missing, 0);
    const number = group.length === 1 ? "" : `${group.length} columns; `;
    return [
      name,
      useOf(first),
      missing === 0 ? "" : `${missing}`,
      `${number}${valuesOf(group)}; ${first.reason}${oddOf(first, place)}`,
    ];
  });
  return renderTable([["column", "kind", "missing", "values"], ...rows], {
    left: [0, 1, 3],
    indent: "  ",
    columns,
  });
}

/** Where the first cell is that does not fit. */
const oddOf = ({ odd }: ColumnInfo, place: Origin["place"]): string =>
  odd === undefined ? "" : ` (${place(odd.row)})`;

const useOf = ({ kind, use }: ColumnInfo): string =>
  use === "feature" ? kind : use === "target" ? `${kind}, target` : `${kind}, not used`;

/** Runs of columns of the same kind and reason, where they are long. */
function grouped(infos: readonly ColumnInfo[]): ColumnInfo[][] {
  const groups: ColumnInfo[][] = [];
  for (const info of infos) {
    const group = groups.at(-1);
    const alike = group?.[0]?.kind === info.kind && group[0].use === info.use && group[0].reason === info.reason;
    if (group !== undefined && alike) group.push(info);
    else groups.push([info]);
  }
  return groups.flatMap((group) => (group.length >= ALIKE ? [group] : group.map((info) => [info])));
}

/** Four digits without a comma, since they may be a year. */
const figureOrYear = (x: number): string => (Math.abs(x) < 1e4 ? figure(x).replace(",", "") : figure(x));

function valuesOf(group: readonly ColumnInfo[]): string {
  const ranges = group.flatMap(({ numbers }) => (numbers === undefined ? [] : [numbers]));
  if (ranges.length > 0) {
    const low = ranges.reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY);
    const high = ranges.reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY);
    return `${figureOrYear(low)} … ${figureOrYear(high)}`;
  }
  const { examples, distinct } = group[0] as ColumnInfo;
  const shown = examples.map((example) => label(example, 16)).join(", ");
  return distinct > examples.length ? `${distinct} values: ${shown} …` : shown;
}
