/** Both ends of the protocol, where what lies between them breaks. */
import { afterEach, expect, it, vi } from "vitest";
import { startEngine } from "../../src/engine/client.ts";
import type { Reply, Request } from "../../src/engine/index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const question = (table: number[]): Request => ({ kind: "boolean", asked: { table } });

it("answers each question, also if an answer cannot be handed over", async () => {
  const there = new EventTarget();
  const replies: Reply[] = [];
  let broken = true;
  vi.stubGlobal("addEventListener", there.addEventListener.bind(there));
  vi.stubGlobal("postMessage", (reply: Reply) => {
    if (broken && reply.reason === undefined) throw new Error("out of memory");
    replies.push(reply);
  });
  await import("../../src/engine/worker.ts");
  const ask = async (): Promise<Reply | undefined> => {
    const before = replies.length;
    there.dispatchEvent(new MessageEvent("message", { data: question([0, 1, 1, 1]) }));
    await vi.waitUntil(() => replies.length > before);
    return replies.at(-1);
  };
  expect(await ask()).toEqual({ reason: "The answer could not be handed over: out of memory" });
  broken = false;
  expect((await ask())?.answer).toBeDefined();
});

it("answers at once what is asked of an engine that has ended", async () => {
  let worker: EventTarget | undefined;
  class Mute extends EventTarget {
    constructor() {
      super();
      worker = this;
    }
    postMessage(data: unknown): void {
      structuredClone(data);
    }
    terminate(): void {}
  }
  vi.stubGlobal("Worker", Mute);
  const never = startEngine();
  const first = never.ask(question([0, 1]));
  worker?.dispatchEvent(new Event("error"));
  const reason = "The engine could not be started. This page needs a browser with WebAssembly and workers.";
  expect(await first).toEqual({ reason });
  expect(await never.ask(question([0, 1]))).toEqual({ reason });

  const once = startEngine();
  const unknown = { kind: "boolean", asked: { table: [], of: () => 0 } } as unknown as Request;
  expect((await once.ask(unknown)).reason).toMatch(/^This cannot be asked: .*could not be cloned/);
  const second = once.ask(question([0, 1]));
  worker?.dispatchEvent(new MessageEvent("message", { data: { reason: "a reason" } }));
  expect(await second).toEqual({ reason: "a reason" });
  worker?.dispatchEvent(new Event("error"));
  expect(await once.ask(question([0, 1]))).toEqual({ reason: "The engine stopped. Load the page again." });
  expect(once.lost).toBe(true);
});
