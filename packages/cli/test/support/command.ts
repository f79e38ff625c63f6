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
  /** What it reads from standard input; by default nothing. */
  readonly input?: string | Uint8Array;
  /** A program with arguments that runs the command, such as unshare. */
  readonly within?: readonly string[];
  /** Arguments of Node, such as a module to load before. */
  readonly node?: readonly string[];
}

/** Runs `chainrule` with the given arguments; neither of its outputs is a terminal. */
export function chainrule(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  return finished(startChainrule(args, options));
}

/** Starts `chainrule`, for tests that do something to it while it runs. */
export function startChainrule(
  args: readonly string[],
  { cwd, input = "", within = [], node = [] }: CommandOptions = {},
): ChildProcessWithoutNullStreams {
  const words = [...within, process.execPath, "--conditions=@chainrule/source", ...node, MAIN, ...args];
  const [program, ...rest] = words as [string, ...string[]];
  const child = spawn(program, rest, { cwd });
  // It may end without reading all of it.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return child;
}

/** Waits for the end of a process. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
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
