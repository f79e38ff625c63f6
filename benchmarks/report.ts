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
    const mark = reason === "" ? "" : ` (${notes.push(reason)})`;
    if (summary === undefined) return [`${line.line}${mark}`, "–"];
    const figures = [summary.median, summary.min].map((value) => formatFigure(value, row.unit));
    const ratios = bases.map((base) => {
      const own = measured.find((other) => other.line === base)?.ratios[line.line];
      return own === undefined ? "" : `${digits(own)} ×`;
    });
    const [first] = line.checked?.values ?? [];
    const check = first === undefined ? "" : `${first.toPrecision(5)}${stepsOf(line)}`;
    return [`${line.line}${mark}`, ...figures, `${Math.round(summary.spread * 100)} %`, ...ratios, check];
  });
  const head = [row.per, "median", "least", "spread", ...bases.map((base) => `${base} takes`), "check"];
  return [
    `${row.name}: ${row.title}`,
    table(head, cells),
    ...notes.map((note, i) => `  (${i + 1}) ${note}`),
    ...row.verdicts.map((verdict) => `  must: ${verdict.text} → ${formatVerdict(verdict)}`),
  ].join("\n");
}

/** Fewer steps than usual were compared. */
function stepsOf({ checked }: Line): string {
  return checked !== undefined && checked.steps > 1 && checked.steps < 300 ? ` @${checked.steps}` : "";
}

function formatVerdict({ plain, wide }: Verdict): string {
  return `${formatJudgement(plain)}; with wide SIMD ${formatJudgement(wide)}`;
}

export function formatJudgement({ outcome, share }: Judgement): string {
  return share === undefined ? outcome : `${outcome} (${digits(share)} × the limit)`;
}

/** All targets, one a line. */
export function formatSummary(rows: readonly RowResult[]): string {
  const cells = rows.flatMap((row) =>
    row.verdicts.map((verdict) => [row.name, verdict.text, formatJudgement(verdict.plain), formatJudgement(verdict.wide)]),
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
