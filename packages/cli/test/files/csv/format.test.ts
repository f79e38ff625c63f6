import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRow } from "../../../src/files/index.ts";
import { inFolder, temporaryFolder } from "../../support/tables.ts";

const { read } = inFolder(temporaryFolder());

test("only what needs them gets quotation marks", () => {
  expect(formatRow(["a b", 0.1, true, null, "x,y", 'say "yes"', "two\nlines", " x"])).toBe(
    'a b,0.1,true,,"x,y","say ""yes""","two\nlines"," x"\n',
  );
  expect(formatRow(["x,y", "p;q"], ";")).toBe('x,y;"p;q"\n');
  expect(formatRow(["p:", "q"], "::")).toBe('"p:"::q\n');
  expect(formatRow([null])).toBe('""\n');
});

test("rows are read as they were written", async () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({
      unit: fc.constantFrom("a", "1", ",", ";", '"', "'", "\n", "\r", " ", "ü", "#"),
      minLength: 1,
      maxLength: 5,
    }),
  );
  const tables = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 9 }));
  await fc.assert(
    fc.asyncProperty(tables, fc.constantFrom(",", ";", "\t", "::"), async (table, delimiter) => {
      const text = table.map((row) => formatRow(row, delimiter)).join("");
      const { rows } = await read(text, { delimiter, header: false });
      // Reading takes away the spaces around a text.
      expect(rows).toEqual(table.map((row) => row.map((value) => value?.trim() || null)));
    }),
    { numRuns: 100 },
  );
});
