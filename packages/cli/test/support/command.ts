/** Runs the real command as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** What standard input gives; default nothing. */
  readonly input?: string | Uint8Array;
  /** Arguments of Node. */
  readonly node?: readonly string[];
  /** A program with arguments that runs Node, such as a shell. */
  readonly within?: readonly string[];
}

/** Starts `chainrule` with the given arguments, and with pipes to all of its streams. */
export function startChainrule(
  args: readonly string[],
  { cwd, node = [], within = [] }: Omit<CommandOptions, "input"> = {},
): ChildProcessWithoutNullStreams {
  const command = [...within, process.execPath, "--conditions=@chainrule/source", ...node, MAIN, ...args];
  const [program, ...rest] = command as [string, ...string[]];
  return spawn(program, rest, { cwd });
}

/** Runs `chainrule` with the given arguments; neither of its outputs is a terminal. */
export function chainrule(args: readonly string[], { input = "", ...options }: CommandOptions = {}): Promise<Finished> {
  const child = startChainrule(args, options);
  // It may end before it has read all.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}
