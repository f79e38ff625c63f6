import { expect, test } from "vitest";
import { renderConfusion } from "../../src/render/confusion.ts";

test("rows are true classes, zeros are dots, the last column is the share that is right", () => {
  // By hand: 3 of 4 right, 0 of 0, 120 of 121.
  const matrix = [
    [3, 0, 1],
    [0, 0, 0],
    [1, 0, 120],
  ];
  expect(renderConfusion(matrix)).toBe(
    [
      "   0  1    2   right", //
      "0  3  ·    1  75.0 %",
      "1  ·  ·    ·       –",
      "2  1  ·  120  99.2 %",
    ].join("\n"),
  );
});
