/** The page's side of the protocol. */
import type { Kind, Reply, Request } from "./protocol.ts";

export interface Client {
  /** Asks; answers come in the order of the questions. */
  ask<K extends Kind>(request: Request<K>): Promise<Reply<K>>;
  /** Ends the worker, whatever it is doing; what was asked has no answer. */
  stop(): void;
}

/** Starts a worker. */
export function startEngine(): Client {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const waiting: ((reply: Reply) => void)[] = [];
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => waiting.shift()?.(data));
  worker.addEventListener("error", () => {
    const reason = "The engine could not be started. This page needs a browser with WebAssembly and workers.";
    for (const answer of waiting.splice(0)) answer({ reason });
  });
  return {
    ask: <K extends Kind>(request: Request<K>) =>
      new Promise<Reply<K>>((resolve) => {
        waiting.push(resolve as (reply: Reply) => void);
        worker.postMessage(request);
      }),
    stop: () => worker.terminate(),
  };
}
