/** An infinite number, wherever its row comes to be: learned from, held back, in a fold. */
import { catalogue, plants, QUICK } from "../support/catalogue.ts";

/** Lines 9 and 30 are in different parts. */
const withCell = (line: number, cell: string): string =>
  plants()
    .split("\n")
    .map((text, i) => (i === line - 1 ? text.replace(/^\d+/, cell) : text))
    .join("\n");

const says = (line: number, value: string): string =>
  `data.csv, line ${line}: column "height" has ${value}. Correct it, drop the row, or leave the cell empty.`;

catalogue(
  "an infinite number",
  [
    ["Infinity", 9, "Infinity", "train", ["--test", "0.5"]],
    ["1e400", 30, "Infinity", "train", ["--test", "0.5"]],
    ["-inf", 9, "-Infinity", "train", ["--folds", "4"]],
    ["1e400", 20, "Infinity", "train", ["--test", "0"]],
    ["inf", 30, "Infinity", "search", ["--trials", "2"]],
    ["inf", 15, "Infinity", "lr-find", []],
  ].map(([cell, line, value, command, options]) => ({
    name: `${cell} in line ${line}: ${command} ${(options as string[]).join(" ")}`,
    files: { "data.csv": withCell(line as number, cell as string) },
    args: [
      command as string,
      "data.csv",
      "--target",
      "kind",
      ...(command === "train" ? QUICK : []),
      ...(options as string[]),
    ],
    says: says(line as number, value as string),
  })),
);
