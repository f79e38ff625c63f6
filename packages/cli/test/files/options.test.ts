import { Command } from "commander";
import { expect, test } from "vitest";
import { type ReadOptions, readOptions, readOptionsOf } from "../../src/files/index.ts";

function parse(...args: string[]): ReadOptions {
  const command = new Command("test").exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of readOptions()) command.addOption(option);
  command.parse(args, { from: "user" });
  return readOptionsOf(command.opts());
}

test("what is not given is left to the file", () => {
  expect(parse()).toEqual({});
});

test("all options together", () => {
  const text =
    "--format csv --delimiter tab --quote none --encoding latin1 --no-header --decimal-comma --columns a,b --part test";
  expect(parse(...text.split(" "))).toEqual({
    format: "csv",
    delimiter: "\t",
    quote: null,
    encoding: "latin1",
    header: false,
    decimalComma: true,
    columns: ["a", "b"],
    part: "test",
  });
  expect(parse("--header", "--delimiter", ";", "--quote", "'")).toEqual({ header: true, delimiter: ";", quote: "'" });
});

test.each([
  [["--format", "xls"], "Allowed choices are csv, tsv, jsonl, json, parquet, npy, npz, idx."],
  [["--delimiter", ""], "It must be one character or more, such as ';', or tab, comma, semicolon, space, pipe."],
  [["--quote", "ab"], "It must be one character, or none."],
  [["--columns", "a,,b"], "It must be names separated by commas, such as length,width,species."],
])("a value that cannot be: %j", (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});
