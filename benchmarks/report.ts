/** The results as text for people. */
import type { Known } from "./contenders.ts";
import type { Line } from "./lines.ts";
import type { Judgement, Verdict } from "./target.ts";

export type Unit = "time" | "bytes" | "ps/FLOP";

export interface RowResult {
  readonly name: string;
  readonly title: string;
  /** What one figure is of, such as "a step". */
  readonly per: string;
  readonly unit: Unit;
  readonly lines: readonly Line[];
  readonly verdicts: readonly Verdict[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  /** How many processes were running or waiting when the bench began. */
  readonly load: number;
}

/** A figure with its unit and three digits. */
export function formatFigure(value: number, unit: Unit): string {
  if (unit === "bytes") return value >= 1e6 ? `${digits(value / 1e6)} MB` : `${digits(value / 1e3)} kB`;
  if (unit === "ps/FLOP") return `${digits(value)} ps/FLOP`;
  if (value < 1e6) return `${digits(value / 1e3)} µs`;
  return value < 1e10 ? `${digits(value / 1e6)} ms` : `${digits(value / 1e9)} s`;
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toLocaleString("en", {
    minimumFractionDigits: Math.max(0, 2 - size),
    maximumFractionDigits: Math.max(0, 2 - size),
  });
}

/** Columns as wide as their longest cell; the first to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const line = (row: readonly string[]): string =>
    head
      .map((_, i) => (i === 0 ? (row[i] ?? "").padEnd(widths[i] ?? 0) : (row[i] ?? "").padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** One row of the bench: a line for each contender, then the targets. */
export function formatRow(row: RowResult): string {
  const measured = row.lines.filter((line) => line.summary !== undefined);
  const bases = ["chainrule", "chainrule wide"].filter((base) => measured.some((line) => line.line === base));
  const notes: string[] = [];
  const cells = row.lines.map((line) => {
    const { summary } = line;
    const reason = [line.void, line.note].filter((text) => text !== undefined).join("; ");
    if (reason !== "" && !notes.includes(reason)) notes.push(reason);
    const name = reason === "" ? line.line : `${line.line} (${notes.indexOf(reason) + 1})`;
    if (summary === undefined) return [name, "–"];
    const figures = [summary.median, summary.min].map((value) => formatFigure(value, row.unit));
    const spread = Number.isFinite(summary.spread) ? `${Math.round(summary.spread * 100)} %` : "";
    const ratios = bases.map((base) => {
      const ratio = measured.find((other) => other.line === base)?.ratios[line.line];
      return ratio === undefined || !Number.isFinite(ratio) ? "" : `${digits(ratio)} ×`;
    });
    return [name, ...figures, spread, ...ratios, formatCheck(line)];
  });
  const head = [row.per, "median", "least", "spread", ...bases.map((base) => `${base} takes`), "check"];
  const empty = head.map((_, i) => i > 0 && cells.every((cell) => (cell[i] ?? "") === ""));
  const kept = (cell: readonly string[]): string[] => cell.filter((_, i) => empty[i] !== true);
  return [
    `${row.name}: ${row.title}`,
    table(kept(head), cells.map(kept)),
    ...notes.map((note, i) => `  (${i + 1}) ${note}`),
    ...row.verdicts.map((verdict) => `  must: ${verdict.text} → ${formatVerdict(verdict)}`),
  ].join("\n");
}

/** The first of the compared numbers, and after how many steps, if these were fewer than usual. */
function formatCheck({ checked }: Line): string {
  const value = checked?.values[0];
  if (checked === undefined || value === undefined) return "";
  return `${value.toPrecision(5)}${checked.steps < checked.of ? ` @${checked.steps}` : ""}`;
}

function formatVerdict({ plain, wide }: Verdict): string {
  return wide === undefined
    ? formatJudgement(plain)
    : `${formatJudgement(plain)}; with wide SIMD ${formatJudgement(wide)}`;
}

export function formatJudgement({ outcome, share, allowance = 1 }: Judgement): string {
  if (share === undefined) return outcome;
  return `${outcome}: ${digits(share)} × ${allowance === 1 ? "" : `(${allowance} × `}limit${allowance === 1 ? "" : ")"}`;
}

/** All targets, one a line. */
export function formatSummary(rows: readonly RowResult[]): string {
  const cells = rows.flatMap((row) =>
    row.verdicts.map(({ text, plain, wide }) => [
      row.name,
      text,
      formatJudgement(plain),
      wide === undefined ? "" : formatJudgement(wide),
    ]),
  );
  const widest = Math.max(0, ...cells.map((cell) => (cell[1] ?? "").length));
  const padded = cells.map(([name, text, ...rest]) => [name ?? "", (text ?? "").padEnd(widest), ...rest]);
  return table(["row", "must reach".padEnd(widest), "plain", "wide SIMD"], padded);
}

export function formatMachine(machine: Machine): string {
  const { cpu, cores, platform, node, load } = machine;
  const busy = load > 0.5 ? `; BUSY: load ${load.toFixed(1)} at the start, figures will be high` : "";
  return `${cpu}, ${cores} cores, ${platform}, Node ${node}${busy}`;
}

export function formatContenders(known: ReadonlyMap<string, Known>): string {
  const lines = [...known].map(([name, { version, note }]) => {
    const text = [version ?? "not available", note].filter((part) => part !== undefined).join(": ");
    return `  ${name.padEnd(18)}${text}`;
  });
  return ["Contenders", ...lines].join("\n");
}
