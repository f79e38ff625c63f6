/** Ctrl-C: once, to finish what is half done and keep it; twice, to stop at once. */
import { STATUS } from "./failure.ts";

/**
 * Listens for Ctrl-C from now on.
 *
 * @param told what to say at the first one
 * @returns a signal that is aborted at the first Ctrl-C, and how to stop listening
 */
export function onInterrupt(told: () => void): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const listener = (): void => {
    // Files that are half-written are removed by whoever writes them, on the event "exit".
    if (controller.signal.aborted) process.exit(STATUS.interrupted);
    controller.abort();
    told();
  };
  process.on("SIGINT", listener);
  return { signal: controller.signal, stop: () => void process.off("SIGINT", listener) };
}
