/** Runs the real command as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ended, ended } from "./script.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export type Finished = Omit<Ended, "signal">;

export interface CommandOptions {
  readonly cwd?: string;
  /** What it reads from standard input; by default nothing. null leaves it open, for the test to write. */
  readonly input?: string | Uint8Array | null;
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
  if (input !== null) child.stdin.end(input);
  return child;
}

/** Waits for the end of a process. */
export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const { signal: _signal, ...rest } = await ended(child);
  return rest;
}
