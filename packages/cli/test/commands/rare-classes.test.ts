/** Classes of a single row: they are learned from, and nothing fails after the work is done. */
import { describe, expect, test } from "vitest";
import { catalogue, folderOf, plants, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

/** The last two rows are the only ones of their class. */
const RARE = `${plants(12)}7,3,moss\n9,4,yew\n`;
const TRAIN = ["train", "data.csv", "--target", "kind", ...QUICK.filter((word) => word !== "--quiet")];

describe("classes of one row", () => {
  // Another seed holds back other rows: each of these held back such a row, and failed for it after training.
  test.each([
    ["stratified", ["--test", "0.5", "--seed", "0"]],
    ["at random", ["--split", "random", "--test", "0.7"]],
    ["over folds", ["--folds", "5"]],
  ])("are trained on, %s", async (_, options) => {
    using folder = folderOf({ "data.csv": RARE });
    const { status, stdout, stderr } = await runHere([...TRAIN, ...options, "--out", "m.safetensors"], folder.path);
    expect(status, stderr).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      'warning: 2 classes of "kind" have a single row each (moss, yew): they are always learned from, and nothing tells how ' +
        "well. Give more rows of these classes, or join them to others.",
    );
  });

  test("that are numbers may be quantities, says inspect", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${(i * 7) % 11},${i === 39 ? 17 : i % 3}`);
    using folder = folderOf({ "data.csv": `a,count\n${rows.join("\n")}\n` });
    const { stdout } = await runHere(["inspect", "data.csv", "--target", "count"], folder.path);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      'The class 17 of "count" has a single row: it is always learned from, and nothing tells how well. If these numbers are ' +
        "quantities, take --task regression;",
    );
  });
});

catalogue(
  "classes that only the rows held back have",
  [
    ["time", ["--split", "time"]],
    ["time, over folds", ["--split", "time", "--folds", "2"]],
    ["group", ["--split", "group", "--by", "kind"]],
  ].map(([name, options]) => ({
    name: name as string,
    files: { "data.csv": RARE },
    args: [...TRAIN, "--quiet", ...(options as string[])],
    says: /^error: --split (time|group) holds back line \d+ of data\.csv, whose class "\w+" of "kind" no row has that is left to learn from\. Take --split stratified/,
  })),
);
