/** Temporary files that shall not outlive the process. */
import { unlinkSync } from "node:fs";

const files = new Set<string>();

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes the file when the process ends, by itself or by a signal. */
export function removeAtEnd(path: string): void {
  if (files.size === 0) {
    process.on("exit", removeAll);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  files.add(path);
}

/** Whether there is a file whose content is not whole yet. */
export const isWriting = (): boolean => files.size > 0;

/** The file is gone, or is none of our business any more. */
export function forgetTemporary(path: string): void {
  files.delete(path);
  if (files.size > 0) return;
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function removeAll(): void {
  for (const path of files) {
    try {
      unlinkSync(path);
    } catch {
      // It is gone already.
    }
  }
}

/** Does what the signal does by itself, unless the command has a handler of its own: that one decides when to end. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.off(signal, endBySignal);
  process.kill(process.pid, signal);
}
