/** A profile as text, at most 100 columns wide. */

import { textTable } from "../../tensor/table.ts";
import type { Profile, ProfileRow } from "./profile.ts";

const WIDTH = 100;
const LEAST_NAME = 12;
const HEAD = ["#", "kernel", "runs", "FLOPs", "bytes", "µs", "warm", "time", "GFLOP/s", "GB/s", "of peak"];
/** What a kernel's least time is set by. */
const LETTER = { flops: "F", bytes: "B" };
const COLUMN = { name: 1, runs: 2, time: 5, share: 7 };

/** One line for each row, the sums, and what they were compared with. */
export function profileTable(profile: Profile): string {
  const { rows, ns, kernelNs } = profile;
  let kernels = 0;
  const cells = rows.map((row) => {
    const number = row.kind === "kernel" ? `${kernels++}` : "";
    return [number, `${"  ".repeat(row.depth)}${row.name}`, ...figures(row)];
  });
  const sum = (name: string, time: number): string[] => {
    const row = HEAD.map(() => "");
    [row[COLUMN.name], row[COLUMN.time], row[COLUMN.share]] = [name, micro(time), percent(time / ns)];
    return row;
  };
  const sums = [sum("all kernels", kernelNs), sum("the rest", ns - kernelNs), sum("whole run", ns)];
  const all = [...cells, ...sums];
  // Runs are of interest where there is control flow.
  const kept = HEAD.flatMap((_, i) => (i === COLUMN.runs && rows.every(({ runs }) => runs === 1) ? [] : [i]));
  const table = [HEAD, ...all].map((row) => kept.map((i) => row[i] as string));
  const names = shortened(table);
  const [head, ...body] = names as [string[], ...string[][]];
  const lines = textTable(head, body, [COLUMN.name]).split("\n");
  const rule = "─".repeat(Math.max(...lines.map((line) => line.length)));
  return [...lines.slice(0, -3), rule, ...lines.slice(-3), "", ...legend(profile)].join("\n");
}

function figures(row: ProfileRow): string[] {
  // Words between lists of steps have no figures.
  if (row.kind === "else" || row.kind === "do") return Array<string>(9).fill("");
  const time = row.runs === 0 ? ["–", "–", "–"] : [micro(row.ns), micro(row.warmNs), percent(row.share)];
  if (row.kind !== "kernel") return [`${row.runs}`, "", "", ...time, "", "", ""];
  const { runs, flops, bytes, ns, ofPeak, limit } = row;
  const rates =
    runs === 0 ? ["–", "–", "–"] : [rate(flops / ns), rate(bytes / ns), `${percent(ofPeak)} ${LETTER[limit]}`];
  return [`${runs}`, count(flops), count(bytes), ...time, ...rates];
}

/** The names cut in the middle so far that the table is not too wide. */
function shortened(table: readonly string[][]): string[][] {
  const others = (table[0] as string[]).map((_, i) =>
    i === COLUMN.name ? 0 : Math.max(...table.map((row) => row[i]?.length ?? 0)),
  );
  const room = WIDTH - others.reduce((sum, width) => sum + width, 2 * (others.length - 1));
  return table.map((row) => row.map((cell, i) => (i === COLUMN.name ? cut(cell, Math.max(LEAST_NAME, room)) : cell)));
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}

function legend({ peaks, settings, threads }: Profile): string[] {
  const streams = [...peaks.bytes].sort(([a], [b]) => a - b).map(([bytes, gb]) => `${rate(gb)} GB/s of ${size(bytes)}`);
  const took = threads > 1 ? `; ${threads} threads took part` : "";
  const peak = `Peak: product ${rate(peaks.flops)} GFLOP/s, streams`;
  const lines = [
    `${settings}${took}.`,
    "Times of one run: in its place in the program, and repeated, with its data in the cache (warm).",
    "Of peak: the least time that its FLOPs (F) or its bytes (B) need, whichever is longer, in its time.",
    peak,
  ];
  streams.forEach((text, i) => {
    const piece = `${text}${i === streams.length - 1 ? "." : ","}`;
    const last = lines.at(-1) as string;
    if (last.length + 1 + piece.length <= WIDTH) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(`  ${piece}`);
  });
  return lines;
}

const size = (bytes: number): string => (bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`);

/** A number with so many digits that matter, but at most `most` after the point. */
function digits(value: number, matter: number, most: number): string {
  const rounded = Math.abs(Number(value.toPrecision(matter)));
  const before = rounded < 1 ? 0 : Math.floor(Math.log10(rounded)) + 1;
  return value.toFixed(Math.min(most, Math.max(0, matter - before)));
}

const percent = (fraction: number): string => `${digits(100 * fraction, 2, 1)}%`;
const micro = (ns: number): string => digits(ns / 1000, 3, 3);
const rate = (perNs: number): string => digits(perNs, 2, 2);

/** Five columns: whole up to a hundred thousand, then three digits and a letter for the magnitude. */
export function count(value: number): string {
  if (value < 99_999.5) return `${value}`;
  const [unit, letter] = value < 999_500 ? [1e3, "k"] : value < 999_500_000 ? [1e6, "M"] : [1e9, "G"];
  return `${digits(value / unit, 3, 2)}${letter}`;
}
