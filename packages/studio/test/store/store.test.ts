/** The order in which the page asks the engine, with the engine itself in place of its worker. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Host } from "../../src/engine/host.ts";
import type { Client, Kind, Request } from "../../src/engine/index.ts";
import { Store } from "../../src/store/index.ts";

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A store, and what it has asked so far. */
async function started(link: string): Promise<{ readonly store: Store; readonly asked: Kind[] }> {
  const host = new Host();
  const asked: Kind[] = [];
  const engine: Client = {
    ask: <K extends Kind>(request: Request<K>) => {
      asked.push(request.kind);
      return host.handle<K>(request);
    },
    stop() {},
  };
  const store = new Store(engine, link);
  await vi.waitUntil(() => store.shown.value !== undefined || store.problem.value !== undefined);
  return { store, asked };
}

it("trains between questions that come in a row, and not before a beginning", async () => {
  const { store, asked } = await started("#v=1&speed=step");
  store.play();
  const check = (begin: boolean) => store.query("checkAll", { begin });
  await Promise.all([check(true), check(false), check(false)]);
  expect(asked.slice(0, 6)).toEqual(["load", "advance", "checkAll", "advance", "checkAll", "advance"]);
  asked.length = 0;
  const answers = [check(false), check(false)];
  store.reset();
  // What was asked of the old network has no answer.
  expect(await Promise.all(answers)).toEqual([undefined, undefined]);
  await check(true);
  store.pause();
  expect(asked.slice(0, 3)).toEqual(["load", "advance", "checkAll"]);
});
