/** The worker. */
import { Host } from "./host.ts";
import type { Reply, Request } from "./protocol.ts";

const host = new Host();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const reply = host.handle(data);
  postMessage(reply, { transfer: buffersOf(reply) });
});

/** What is handed over in place of being copied. */
const buffersOf = (reply: Reply): ArrayBuffer[] =>
  reply.kind === "refused"
    ? []
    : [
        ...new Set(
          [reply.snapshot.weights, reply.snapshot.surface, ...reply.snapshot.units].map(
            ({ buffer }) => buffer as ArrayBuffer,
          ),
        ),
      ];
