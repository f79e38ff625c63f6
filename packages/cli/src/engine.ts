/** Threads and vectors, for every command that computes much. Results do not depend on them, not even in the last bit. */
import { enableWideSimd, setThreads } from "chainrule";
import { count } from "./render/format.ts";

/** Read from the options of `engineOptions` in arguments.ts. */
export interface EngineOptions {
  readonly threads: number | "auto";
  readonly wideSimd: boolean;
}

/** What the machine gives of what was asked for. */
export interface Engine {
  readonly threads: number;
  readonly wideSimd: boolean;
}

export const startEngine = (options: EngineOptions): Engine => ({
  wideSimd: enableWideSimd({ enabled: options.wideSimd }),
  threads: setThreads(options.threads),
});

export const describeEngine = ({ threads, wideSimd }: Engine): string =>
  `${count(threads, "thread")}, vectors of ${wideSimd ? 256 : 128} bits`;
