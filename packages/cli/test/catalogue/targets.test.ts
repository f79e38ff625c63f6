/** Targets of which each value would be a class, though they are quantities. */
import { expect, test } from "vitest";
import { catalogue, folderOf, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

const csv = (target: (i: number) => string): string =>
  `a;b;target\n${Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11};${i % 9};${target(i)}\n`).join("")}`;

/** Some come again, so that they are not taken for names of rows. */
const DATES = csv((i) => `2021-03-${10 + (i % 15)}`);
const COMMAS = csv((i) => `${100 + (i % 25)},${10 + (i % 5)}`);

const train = ["train", "data.csv", "--target", "target", ...QUICK];
const dates =
  'data.csv: the target "target" looks like dates, such as "2021-03-10", which are no classes and no numbers. Take another target, or ' +
  "put a number in its place, such as the days since the first of them; if each is the name of a class, say --task classification.";
const commas =
  'data.csv: the target "target" looks like numbers with a decimal comma, such as "100,10", which would count as words. To read them ' +
  "as numbers, take --decimal-comma; if each is the name of a class, say --task classification.";

catalogue("a target of quantities written as words", [
  { name: "dates", files: { "data.csv": DATES }, args: train, says: dates },
  {
    name: "dates, inspect",
    files: { "data.csv": DATES },
    args: ["inspect", "data.csv", "--target", "target"],
    says: dates,
  },
  { name: "decimal commas", files: { "data.csv": COMMAS }, args: train, says: commas },
  {
    name: "decimal commas as a regression",
    files: { "data.csv": COMMAS },
    args: [...train, "--task", "regression"],
    says: commas,
  },
]);

test("they may be meant, commas may part thousands, and --decimal-comma reads them", async () => {
  const task = async (content: string, ...options: readonly string[]): Promise<unknown> => {
    using folder = folderOf({ "data.csv": content });
    const finished = await runHere(["inspect", "data.csv", "--target", "target", "--json", ...options], folder.path);
    expect(finished.status, finished.stderr).toBe(0);
    return JSON.parse(finished.stdout).task.task;
  };
  expect(await task(COMMAS, "--decimal-comma")).toBe("regression");
  expect(await task(COMMAS, "--task", "classification")).toBe("classification");
  expect(await task(DATES, "--task", "classification")).toBe("classification");
  expect(await task(csv((i) => `${1 + (i % 3)},000`))).toBe("classification");
});
