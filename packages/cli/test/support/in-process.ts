/** Runs the command within the test's own process, which takes milliseconds where a process of its own takes half a second. */
import { runCommandLine } from "../../src/run.ts";
import type { Finished } from "./command.ts";

/** Runs `chainrule` with the given arguments in a folder; one at a time, since both outputs and the folder are the process's. */
export async function runHere(args: readonly string[], cwd: string): Promise<Finished> {
  const before = process.cwd();
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  process.chdir(cwd);
  try {
    const status = await runCommandLine(args);
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
    for (const captured of [stdout, stderr]) captured.release();
  }
}

/** Keeps what is written to a stream. */
function capture(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const { write } = stream;
  const parts: string[] = [];
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    parts.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const done = rest.find((argument) => typeof argument === "function") as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof stream.write;
  return {
    text: () => parts.join(""),
    release: () => {
      stream.write = write;
    },
  };
}
