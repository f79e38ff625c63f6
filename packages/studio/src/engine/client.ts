/** The page's side of the protocol. */
import type { Kind, Reply, Request } from "./protocol.ts";

export interface Client {
  /** Asks; answers come in the order of the questions. */
  ask<K extends Kind>(request: Request<K>): Promise<Reply<K>>;
  /** Ends the worker, whatever it is doing; what was asked has no answer. */
  stop(): void;
  /** Whether it has ended by itself: then it says so to whatever it is asked. */
  readonly lost?: boolean;
}

/** Starts a worker. */
export function startEngine(): Client {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const waiting: ((reply: Reply) => void)[] = [];
  let answered = false;
  /** Why nothing is answered any more. */
  let lost: string | undefined;
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    answered = true;
    waiting.shift()?.(data);
  });
  const lose = (): void => {
    const reason = answered
      ? "The engine stopped. Load the page again."
      : "The engine could not be started. This page needs a browser with WebAssembly and workers.";
    lost = reason;
    for (const answer of waiting.splice(0)) answer({ reason });
  };
  worker.addEventListener("error", lose);
  worker.addEventListener("messageerror", lose);
  return {
    ask: <K extends Kind>(request: Request<K>) =>
      new Promise<Reply<K>>((resolve) => {
        if (lost !== undefined) return resolve({ reason: lost });
        try {
          worker.postMessage(request);
        } catch (error) {
          return resolve({ reason: `This cannot be asked: ${error instanceof Error ? error.message : String(error)}` });
        }
        waiting.push(resolve as (reply: Reply) => void);
      }),
    stop: () => worker.terminate(),
    get lost() {
      return lost !== undefined;
    },
  };
}
