/** What will go wrong with a table, beyond what the kinds of its columns tell. */
import { checkData, type Finding } from "chainrule/data";
import { type ColumnInfo, isMissing, numberOf, type Table, TargetEncoder, type TaskChoice } from "chainrule/table";
import type { Origin } from "../../prepare/index.ts";
import { wrap } from "../../render/table.ts";

/** What the encoders of a model take care of, or what the kinds of columns say already. */
const TOLD: ReadonlySet<Finding["kind"]> = new Set<Finding["kind"]>([
  ...(["missing", "text", "category", "date", "identifier", "scale", "constant"] as const),
]);

/** For those who do not program. */
const ADVICE: { readonly [kind in Finding["kind"]]?: string } = {
  sorted: "chainrule train shuffles the rows before it parts them; before you part them yourself, shuffle them.",
  imbalance:
    "With --balanced all classes count alike. Rather than accuracy, look at the balanced accuracy and at each class.",
  missing: "What is filled in tells little; leave the column out by --drop, and compare.",
  duplicate: "It adds nothing; leave one of them out by --drop.",
  repeated:
    "Rows held back are then known from those trained on, and results look better than they are. Leave the copies out of the file, " +
    "or keep them on one side by --split group and a column that they share.",
  wide: "Some of them fit the target by chance; leave out by --drop what can have nothing to do with it, or get more rows.",
};

const NOTHING: Finding = {
  kind: "empty",
  severity: "error",
  columns: [],
  message: "No column is left to learn from.",
  advice: "Give columns that vary, or say by --kind what a column holds if it is wrongly judged.",
};

/**
 * The findings about the columns that are used; those about the target only where it is known.
 *
 * @param place of a row in the file
 */
export function findingsOf(
  table: Table,
  columns: readonly ColumnInfo[],
  place: Origin["place"],
  target?: string,
): Finding[] {
  const used = table.select(columns.flatMap(({ name, use }) => (use === "none" ? [] : [name])));
  if (columns.every(({ use }) => use !== "feature")) return [NOTHING];
  const rows = Array.from({ length: used.length }, (_, i) => used.columns.map((cells) => String(cells[i] ?? "")));
  const isSparse = ({ columns: [name] }: Finding): boolean =>
    columns.some((column) => column.name === name && column.use === "feature" && column.missing > table.length / 2);
  return checkData({ cells: [used.names, ...rows], ...(target === undefined ? {} : { target }) })
    .findings.filter((finding) => !TOLD.has(finding.kind) || (finding.kind === "missing" && isSparse(finding)))
    .map(({ kind, severity, columns, message, advice }) => ({
      kind,
      // Missing values are filled in.
      severity: kind === "missing" ? "warning" : severity,
      columns,
      message: placed(message, place),
      advice: ADVICE[kind] ?? advice,
    }));
}

/** Rows by their place in the file; what is quoted stays. */
const placed = (message: string, place: Origin["place"]): string =>
  message.replace(/"(?:[^"\\]|\\.)*"|\brow (\d+)/g, (text, row?: string) =>
    row === undefined ? text : place(Number(row)),
  );

/** Classes of a single row: rows held back can tell nothing of them. */
export function singleClasses(table: Table, target: string, { task }: TaskChoice): Finding[] {
  if (task === "regression") return [];
  const cells = table.column(target).filter((cell) => !isMissing(cell));
  const encoder = TargetEncoder.fit(target, cells, { task });
  const counts = new Map<number, number>();
  for (const label of encoder.encode(cells).dataSync()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const single = encoder.classes?.filter((_, label) => counts.get(label) === 1) ?? [];
  if (single.length === 0) return [];
  const names = `${single.slice(0, MOST_NAMES).join(", ")}${single.length > MOST_NAMES ? ", …" : ""}`;
  const which =
    single.length === 1
      ? `The class ${names} of ${JSON.stringify(target)} has a single row: it is`
      : `${single.length} classes of ${JSON.stringify(target)} have a single row each (${names}): they are`;
  const quantities = cells.every((cell) => numberOf(cell) !== undefined);
  return [
    {
      kind: "imbalance",
      severity: "warning",
      columns: [target],
      message: `${which} always learned from, and nothing tells how well.`,
      advice: quantities
        ? "If these numbers are quantities, take --task regression; else give more rows of these classes, or join them to others."
        : "Give more rows of these classes, or join them to others.",
    },
  ];
}

/** So many names are listed. */
const MOST_NAMES = 6;

/** @param columns the width of the terminal */
export const renderFindings = (findings: readonly Finding[], columns: number): string =>
  findings
    .map(({ severity, message, advice }) => wrap(`${severity}: ${message} ${advice}`, columns - 2).join("\n  "))
    .join("\n");
