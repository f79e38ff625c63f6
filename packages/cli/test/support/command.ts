/** Runs the real command as a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Arguments of Node, such as a module to load before. */
  readonly node?: readonly string[];
}

/** Runs `chainrule` with the given arguments; neither of its outputs is a terminal. */
export function chainrule(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const node = ["--conditions=@chainrule/source", ...(options.node ?? [])];
  const child = spawn(process.execPath, [...node, MAIN, ...args], {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
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
