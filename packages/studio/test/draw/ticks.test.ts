import { expect, it } from "vitest";
import { ticksOf } from "../../src/draw/ticks.ts";

const words = (mean: number, unit: number) => ticksOf({ mean, deviation: 1, unit }).map((tick) => tick.words);

it("are round numbers within the axis", () => {
  // From 0.7 to 6.7.
  expect(words(3.7, 1)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(words(0, 0.1)).toEqual(["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]);
  // From 700 to 1300.
  expect(words(1000, 100)).toEqual(["700", "800", "900", "1000", "1100", "1200", "1300"]);
  // From −1.5 to 13.5, by fives, for more than seven would be by twos.
  expect(words(6, 2.5)).toEqual(["0", "5", "10"]);
});

it("are none where doubles do not tell them apart", () => {
  expect(words(1e20, 1)).toEqual([]);
});
