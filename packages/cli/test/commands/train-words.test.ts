/** What `chainrule train` calls the weights that it keeps, and what it tells of gaps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEpochs } from "../../src/commands/train/describe.ts";
import { folderOf, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

test("a network trained anew is of no epoch of the chart, even if the numbers are the same", () => {
  const stopped = "no better for 17 epochs";
  expect(describeEpochs({ refitted: false, epochs: 25, stopped })).toBe("Kept: epoch 25 (no better for 17 epochs)");
  expect(describeEpochs({ refitted: true, epochs: 25, stopped })).toBe(
    "Kept: 25 epochs anew on all rows (with rows held back: no better for 17 epochs)",
  );
});

test("tells how gaps are filled, shows each of them as missing, and the target once", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 5 === 1 ? "N/A" : i % 7},${"abc"[i % 3]},${(i * 7) % 11}`);
  using folder = folderOf({ "gaps.csv": `x,letter,y\n${rows.join("\n")}\n` });
  const options = ["--task", "regression", ...QUICK.filter((option) => option !== "--quiet"), "--report", "gaps.html"];
  const { status, stdout, stderr } = await runHere(["train", "gaps.csv", "--target", "y", ...options], folder.path);
  expect(status, stderr).toBe(0);
  const flat = stdout.replace(/\s+/g, " ");
  expect(flat).toContain("standardized, one-hot, learned from the training rows alone");
  expect(flat).toMatch(
    /missing values filled in 1 column x missing: taken for \d(\.5)?, the median, and 1 in a number of its own/,
  );
  const page = readFileSync(join(folder.path, "gaps.html"), "utf8");
  const mistakes = page.slice(page.indexOf('<section id="mistakes"'), page.indexOf('<section id="importance"'));
  expect(mistakes).not.toContain("N/A");
  expect(mistakes.match(/<th scope="col"[^>]*>.*?<\/th>/g)?.map((head) => head.replace(/<[^>]+>/g, ""))).toEqual([
    ...["Row", "True", "Said", "Off by", "x", "letter"],
  ]);
});
