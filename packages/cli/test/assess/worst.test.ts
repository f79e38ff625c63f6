import fc from "fast-check";
import { expect, test } from "vitest";
import { Worst } from "../../src/assess/index.ts";

test("it keeps what sorting would put first, equal scores in their order", () => {
  const scores = fc.array(fc.constantFrom(0, 0.25, 0.5, 0.5, 1, 2), { maxLength: 30 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 8 }), (all, most) => {
      const worst = new Worst<number>(most);
      all.forEach((score, i) => {
        worst.offer(score, () => i);
      });
      const sorted = [...all.keys()].sort((a, b) => (all[b] as number) - (all[a] as number) || a - b);
      expect(worst.values).toEqual(sorted.slice(0, most));
    }),
  );
});

test("what is not kept is not made", () => {
  const worst = new Worst<string>(1);
  worst.offer(2, () => "two");
  worst.offer(1, () => {
    throw new Error("made");
  });
  expect(worst.values).toEqual(["two"]);
});
