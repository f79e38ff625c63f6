/** The worker. */
import { Host } from "./host.ts";
import type { Reply, Request } from "./protocol.ts";

const host = new Host();
/** Answers come in the order of the questions, also if one takes its time. */
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  last = last.then(async () => {
    const reply = await host.handle(data);
    try {
      postMessage(reply, { transfer: [...buffersOf(reply)] });
    } catch (error) {
      // Every question has one answer, or those that follow would answer others.
      const reason = `The answer could not be handed over: ${error instanceof Error ? error.message : String(error)}`;
      postMessage({ reason } satisfies Reply);
    }
  });
});

/** What is handed over in place of being copied: the arrays of numbers in an answer. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  // A long plain array holds no buffers that matter, and is not worth the walk.
  else if (Array.isArray(value)) for (const each of value.slice(0, 1000)) buffersOf(each, found);
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) buffersOf(each, found);
  return found;
}
