import { afterEach, expect, it, vi } from "vitest";
import type { Client } from "../../src/engine/index.ts";
import { PatientEngine } from "../../src/model/patient.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("ends an engine that does not answer, and asks another one the next time", async () => {
  const stopped: number[] = [];
  let started = 0;
  const start = (): Client => {
    const number = ++started;
    return {
      // The first never answers.
      ask: () => (number === 1 ? new Promise(() => undefined) : Promise.resolve({ reason: `engine ${number}` })),
      stop: () => stopped.push(number),
    };
  };
  let lost = 0;
  const engine = new PatientEngine(start, 20, () => lost++);
  const question = () => engine.ask("modelRow", { model: 1, text: "" });
  const [first, second] = await Promise.all([question(), question()]);
  expect(first.reason).toBe("It took longer than 0.02 seconds, so it was stopped, and the model was closed.");
  expect(second.reason).toBe(first.reason);
  expect(lost).toBe(1);
  expect(stopped).toEqual([1]);
  expect((await question()).reason).toBe("engine 2");
});

it("asks another one after an engine that has ended by itself", async () => {
  let started = 0;
  const start = (): Client => {
    const number = ++started;
    return { ask: () => Promise.resolve({ reason: `engine ${number}` }), stop() {}, lost: number === 1 };
  };
  let lost = 0;
  const engine = new PatientEngine(start, 1000, () => lost++);
  const question = () => engine.ask("modelRow", { model: 1, text: "" });
  expect([(await question()).reason, (await question()).reason]).toEqual(["engine 1", "engine 2"]);
  expect(lost).toBe(1);
});

it("gives each question its time from when its turn comes", async () => {
  vi.useFakeTimers();
  // An engine that works 15 ms on each question, one after the other.
  let free = 0;
  const start = (): Client => ({
    ask: (request) => {
      free = Math.max(free, Date.now()) + 15;
      return new Promise((resolve) => {
        setTimeout(() => resolve({ reason: request.kind }), free - Date.now());
      });
    },
    stop: () => undefined,
  });
  const engine = new PatientEngine(start, 20, () => undefined);
  const replies = Promise.all([1, 2, 3].map((model) => engine.ask("modelRow", { model, text: "" })));
  await vi.runAllTimersAsync();
  expect((await replies).map(({ reason }) => reason)).toEqual(["modelRow", "modelRow", "modelRow"]);
});
