/**
 * The terminal sessions of a Markdown file, to be carried out as written.
 *
 * - A block fenced by ```console is a session: a line that begins with "$ " is a command, "> " goes on with it, and the lines
 *   below are what it prints: on standard output; of a command that fails, on standard error.
 * - In what is printed, `…` stands for anything within a line, and as a line of its own for any lines. Nothing below a command
 *   promises only that it succeeds.
 * - The sessions of a file go on from one another in one folder.
 */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sandbox.ts";

export interface Step {
  /** In the Markdown file, counted from 1. */
  readonly line: number;
  readonly command: string;
  /** Undefined where nothing is promised. */
  readonly output: string | undefined;
}

export interface Session {
  readonly file: string;
  /** Of the opening fence, counted from 1. */
  readonly line: number;
  readonly steps: readonly Step[];
}

export function sessionsOf(file: string, markdown: string): Session[] {
  const lines = markdown.split("\n");
  const sessions: Session[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/^```console\s*$/.test(lines[i] as string)) continue;
    const end = lines.indexOf("```", i);
    if (end < 0) throw new Error(`${file}:${i + 1}: the fence is never closed.`);
    sessions.push({ file, line: i + 1, steps: stepsOf(file, lines.slice(i + 1, end), i + 2) });
    i = end;
  }
  return sessions;
}

function stepsOf(file: string, lines: readonly string[], first: number): Step[] {
  const starts = lines.flatMap((line, i) => (line.startsWith("$ ") ? [i] : []));
  if (starts[0] !== 0)
    throw new Error(`${file}:${first}: a session begins with a command, as in "$ chainrule --help".`);
  return starts.map((start, n) => {
    const rest = lines.slice(start + 1, starts[n + 1]);
    const more = rest.findIndex((line) => !line.startsWith("> "));
    const [continued, output] = more < 0 ? [rest, []] : [rest.slice(0, more), rest.slice(more)];
    const command = [(lines[start] as string).slice(2), ...continued.map((line) => line.slice(2))].join("\n");
    return { line: first + start, command, output: output.length === 0 ? undefined : output.join("\n") };
  });
}

/** Whether a text has the lines that were promised, but for white space at the ends of lines and of the whole. */
export function matchesLines(text: string, promise: string): boolean {
  const clean = (lines: string): string[] =>
    lines
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd());
  const pattern = clean(promise).map((line) =>
    line === "…"
      ? "(?:.*\n)*"
      : `${line
          .split("…")
          .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
          .join(".*")}\n`,
  );
  return new RegExp(`^${pattern.join("")}$`).test(`${clean(text).join("\n")}\n`);
}

/** Puts the command `chainrule` into a folder, as if it were installed. */
export function installCommand(folder: string): void {
  mkdirSync(join(folder, ".bin"));
  const main = join(root, "packages/cli/src/main.ts");
  const script = `#!/bin/sh\nexec '${process.execPath}' --conditions=@chainrule/source '${main}' "$@"\n`;
  writeFileSync(join(folder, ".bin/chainrule"), script, { mode: 0o755 });
}

export interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Carries out the commands of a session by one shell. @throws Error naming the line of a promise that is not kept */
export async function carryOut({ file, steps }: Session, folder: string): Promise<void> {
  const printed = await runShell(
    steps.map(({ command }) => command),
    folder,
  );
  steps.forEach(({ line, command, output }, i) => {
    const { status, stdout, stderr } = printed[i] as Printed;
    const told = `${file}:${line}: ${command}`;
    const text = status === 0 ? stdout : stdout + stderr;
    if (output === undefined && status !== 0) throw new Error(`${told}\nended with status ${status}:\n${text}`);
    if (output !== undefined && !matchesLines(text, output))
      throw new Error(`${told}\npromises:\n${output}\nand prints:\n${text}`);
  });
}

/** What each command printed; the next one finds its status in `$?`. */
async function runShell(commands: readonly string[], cwd: string): Promise<Printed[]> {
  const mark = "---- end of command ----";
  const script = commands
    .map((command) => `{ ${command}\n}\nstatus=$?; tell $status; tell $status >&2; (exit $status)\n`)
    .join("");
  const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", PATH: `${join(cwd, ".bin")}:${process.env.PATH}` };
  const [stdout, stderr] = await new Promise<[string, string]>((resolve) => {
    execFile(
      "bash",
      ["-c", `tell() { printf '%s%d\\n' '${mark}' $1; }\n${script}`],
      { cwd, env, timeout: 110_000, maxBuffer: 1 << 26 },
      (_, out, err) => resolve([out, err]),
    );
  });
  const parts = (text: string): string[][] => text.split(mark).map((part, i) => (i === 0 ? ["", part] : cutLine(part)));
  const [out, err] = [parts(stdout), parts(stderr)];
  return commands.map((_, i) => ({
    status: Number(out[i + 1]?.[0] ?? 1),
    stdout: out[i]?.[1] ?? "",
    stderr: err[i]?.[1] ?? "",
  }));
}

const cutLine = (text: string): [string, string] => {
  const at = text.indexOf("\n");
  return [text.slice(0, at), text.slice(at + 1)];
};
