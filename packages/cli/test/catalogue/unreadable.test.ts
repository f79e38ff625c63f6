/** Rows of which a whole column cannot be read: predictions would all be made of its median. */
import { expect, test } from "vitest";
import { expectRefusal, folderOf, plants, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

const rows = (count: number, height: (i: number) => string): string =>
  `height;leaves;kind\n${Array.from({ length: count }, (_, i) => `${height(i)};${i % 9};oak\n`).join("")}`;

test("a column of which nothing can be read is refused, and no file is left; a slip is told", async () => {
  using folder = folderOf({
    "data.csv": plants(),
    "comma.csv": rows(8, (i) => (i === 2 ? "" : `${20 + i},5`)),
    "words.csv": rows(8, () => "tall"),
    "slip.csv": rows(8, (i) => (i === 2 ? "tall" : `${i}`)),
  });
  const model = ["train", "data.csv", "--target", "kind", "--out", "m.safetensors", ...QUICK];
  expect(await runHere(model, folder.path)).toMatchObject({ status: 0 });
  const apply = (command: string, data: string, ...options: string[]) =>
    runHere([command, "m.safetensors", data, ...options], folder.path);
  expectRefusal(
    await apply("predict", "comma.csv", "--quiet", "--out", "new.csv"),
    'comma.csv: not one value of the column "height" can be read as in training, such as "20,5" in line 2, so that all would count as ' +
      "missing. If these are numbers with a decimal comma, take --decimal-comma.",
  );
  expectRefusal(
    await apply("eval", "words.csv", "--quiet"),
    'words.csv: not one value of the column "height" can be read as in training, such as "tall" in line 2, so that all would count as ' +
      "missing. Write them as the training data has them, or leave the cells empty.",
  );
  expect(await apply("predict", "slip.csv", "--out", "new.csv")).toMatchObject({ status: 0 });
});
