import { expect, it } from "vitest";
import { begin, push, redo, undo } from "../../src/state/index.ts";

it("undoes and redoes", () => {
  const history = push(push(begin("a"), "b"), "c");
  expect(undo(history).present).toBe("b");
  expect(undo(undo(undo(history))).present).toBe("a");
  expect(redo(undo(history))).toEqual(history);
  expect(redo(history).present).toBe("c");
});

it("forgets what was undone when something else is done", () => {
  const history = push(undo(push(begin("a"), "b")), "c");
  expect(redo(history).present).toBe("c");
  expect(undo(history).present).toBe("a");
});

it("undoes a drag of a slider at once", () => {
  const history = push(push(push(begin(0), 1, "rate"), 2, "rate"), 3, "noise");
  expect(undo(history).present).toBe(2);
  expect(undo(undo(history)).present).toBe(0);
});

it("keeps the last hundred", () => {
  let history = begin(0);
  for (let i = 1; i <= 150; i++) history = push(history, i);
  for (let i = 0; i < 150; i++) history = undo(history);
  expect(history.present).toBe(50);
});
