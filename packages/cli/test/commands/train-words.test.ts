/** What `chainrule train` calls the weights that it keeps. */
import { expect, test } from "vitest";
import { describeEpochs } from "../../src/commands/train/describe.ts";

test("a network trained anew is of no epoch of the chart, even if the numbers are the same", () => {
  const stopped = "no better for 17 epochs";
  expect(describeEpochs({ refitted: false, epochs: 25, stopped })).toBe("kept: epoch 25 (no better for 17 epochs)");
  expect(describeEpochs({ refitted: true, epochs: 25, stopped })).toBe(
    "kept: 25 epochs anew on all rows (with rows held back: no better for 17 epochs)",
  );
});
