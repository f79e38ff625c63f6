/** How many threads programs use. */
import { nodeModule } from "../../tensor/host.ts";
import { checkNumber } from "../../tensor/options.ts";
import { hasSharedMemory, reopenCrew } from "./crew.ts";
import { sharedBy } from "./shared-program.ts";
import { installThreading } from "./threading.ts";

/** More do not make the products of a training step faster by much, but meeting dearer. */
const MOST_UNASKED = 8;

/** One until asked for more: on a machine with other work to do, threads that wait for each other are slower than one. */
let chosen = 1;

function cores(): number {
  const os = nodeModule<{ availableParallelism?(): number }>("os");
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return os?.availableParallelism?.() ?? navigator?.hardwareConcurrency ?? 1;
}

/** The number of threads for which programs are made and run now. */
const threadsInUse = (): number => (hasSharedMemory() ? chosen : 1);

const threading = /* @__PURE__ */ sharedBy(threadsInUse);

/**
 * Sets how many threads compiled programs use on the WebAssembly target: a number, which the machine's cores limit, or
 * "auto": the cores, at most 8. Without it they use one. Results are the same to the last bit for any number. Programs with little to
 * do stay on one thread, and so does everything where memory cannot be shared: in browsers, on pages that are not
 * cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp).
 * A program uses at most the number that was set when it was compiled, and fewer at once when fewer are set. The other
 * threads are workers that start in the background while a program is first run; they end with the process.
 *
 * @returns the number in use
 * @throws RangeError where the number is not an integer ≥ 1
 * @example
 * setThreads("auto"); // all cores, for a machine that has nothing else to do
 */
export function setThreads(threads: number | "auto"): number {
  chosen =
    threads === "auto"
      ? Math.min(cores(), MOST_UNASKED)
      : Math.min(checkNumber("setThreads", "the number of threads", threads, { least: 1, integer: true }), cores());
  reopenCrew();
  installThreading(threading);
  return threadsInUse();
}
