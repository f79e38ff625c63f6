/** Runs a few lines that use the command's own modules, as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

const SOURCE = new URL("../../src/", import.meta.url).href;

export interface ScriptOptions {
  readonly cwd?: string;
  /** Arguments of Node. */
  readonly node?: readonly string[];
  /** A program with arguments that runs Node, such as unshare. */
  readonly within?: readonly string[];
}

/** @param body statements of a module; `files` is `src/files/index.ts` */
export function startScript(
  body: string,
  { cwd, node = [], within = [] }: ScriptOptions = {},
): ChildProcessWithoutNullStreams {
  const module = `import * as files from "${SOURCE}files/index.ts";\n${body}`;
  const command = [process.execPath, "--conditions=@chainrule/source", "--input-type=module", ...node, "-e", module];
  const [program, ...args] = [...within, ...command] as [string, ...string[]];
  return spawn(program, args, { cwd });
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
