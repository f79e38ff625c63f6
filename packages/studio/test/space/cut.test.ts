import { expect, it } from "vitest";
import { between, boxOf, placeIn, placesBetween } from "../../src/space/boxes.ts";
import { cutLines } from "../../src/space/cut.ts";

const box = { across: 0, up: 0, halfAcross: 2, halfUp: 2 };

it("cuts where an output is 0", () => {
  // u + v − 1 = 0 goes from (−1, 2) to (2, −1).
  const [line] = cutLines([1, 1, -1], box);
  expect([...(line ?? [])].sort(([a], [b]) => a - b)).toEqual([
    [-1, 2],
    [2, -1],
  ]);
  expect(cutLines([1, 0, 5], box)).toEqual([]);
  expect(cutLines([0, 0, 1], box)).toEqual([]);
});

it("cuts between the largest of three, which meet in one point", () => {
  // Of u, v and 0 the largest changes along three rays from the origin: down, to the left, and along the diagonal.
  const lines = cutLines([1, 0, 0, 0, 1, 0, 0, 0, 0], box).map((line) => line.map((end) => end.map((c) => c + 0)));
  const ends = lines.flat();
  expect(ends.filter(([u, v]) => u === 0 && v === 0)).toHaveLength(3);
  for (const end of [
    [2, 2],
    [0, -2],
    [-2, 0],
  ])
    expect(ends).toContainEqual(end);
  expect(lines).toHaveLength(3);
});

it("shows all of a plane with one scale, and one unit as a strip", () => {
  const plane = Float32Array.from([0, 0, 10, 2, Number.NaN, 1]);
  expect(boxOf(plane, false)).toEqual({ across: 5, up: 1, halfAcross: 5.5, halfUp: 5.5 });
  expect(boxOf(plane, true)).toEqual({ across: 5, up: 0, halfAcross: 5.5, halfUp: 4 });
  expect(boxOf(Float32Array.from([3, 3]), false)).toEqual({ across: 3, up: 3, halfAcross: 1, halfUp: 1 });
  expect(boxOf(Float32Array.from([Number.NaN, 3]), true)).toMatchObject({ across: 0 });
  expect(placeIn(box, 2, 2)).toEqual([1, 0]);
});

it("goes from one stage's picture to the next in a straight line", () => {
  const other = { across: 4, up: 0, halfAcross: 4, halfUp: 4 };
  // (1, 1) is at (¾, ¼) of the one picture and (4, 4) at (½, 0) of the other.
  expect([...placesBetween(Float32Array.of(1, 1), box, Float32Array.of(4, 4), other, 0.5)]).toEqual([0.625, 0.125]);
  expect(between(box, other, 0.25)).toEqual({ across: 1, up: 0, halfAcross: 2.5, halfUp: 2.5 });
});
