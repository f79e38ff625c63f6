/** A command line that does the same again. */
import type { TrainingRun } from "./training.ts";

/** As it can be pasted into a shell, where the files that it makes are there already: it makes the same ones. */
export const commandOf = ({ command, loaded, flags }: TrainingRun): string =>
  `${commandLine(command, loaded.name, { ...flags })} --force`;

/** @param flags in commander's names, "target" among them */
export function commandLine(
  command: string,
  path: string,
  flags: Readonly<Record<string, unknown>> & { readonly target: string },
): string {
  const words = ["chainrule", command, quoted(path), "--target", quoted(flags.target)];
  for (const [name, value] of Object.entries(flags)) {
    if (!LEFT_OUT.has(name)) words.push(...optionOf(name, value));
  }
  return words.join(" ");
}

const LEFT_OUT: ReadonlySet<string> = new Set(["target", "force", "json", "quiet", "resume", "checkpoint"]);

/** Defaults are written out too: they may change. */
function optionOf(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const long = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return name === "wideSimd" ? [] : [long];
  if (value === false) return [long.replace("--", "--no-")];
  if (value === null) return [long, "none"];
  if (name === "drop" || name === "space")
    return (value as readonly string[]).flatMap((column) => [long, quoted(column)]);
  if (name === "hidden") return [long, (value as readonly number[]).join(",") || "none"];
  if (Array.isArray(value)) return [long, quoted(value.join(","))];
  if (typeof value === "object") {
    return Object.entries(value as object).flatMap(([column, kind]) => [
      long,
      quoted(`${column}=${typeof kind === "object" ? (kind as { constant: unknown }).constant : kind}`),
    ]);
  }
  return [long, quoted(String(value))];
}

/** Single quotes keep a POSIX shell from reading anything into a word. */
const quoted = (word: string): string => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
