import { expect, test } from "vitest";
import { openTable } from "../../../src/files/index.ts";
import { failureOf, inFolder, temporaryFolder } from "../../support/tables.ts";

const folder = temporaryFolder();
const { fail, write } = inFolder(folder);

test.each([
  [
    "a,b\n1,2\n3\n4,5\n",
    "data.csv, line 3: the row has 1 value and the header names 2 columns. If the line is no row of the table, such as a title or a remark, remove it.",
  ],
  [
    "a,b,c\n1,2,3\n3,4\n4,5,6\n",
    "data.csv, line 3: the row has 2 values and the header names 3 columns. A value that is missing still needs its delimiter.",
  ],
  [
    "a,b,c\n1,2,3\n3,4",
    "data.csv, line 3: the row has 2 values and the header names 3 columns. It is the last one: the file may have been cut off.",
  ],
  [
    "1,2\n\n3,4\n1,2,3\n5,6\n",
    'data.csv, line 4: the row has 3 values and the first row has 2. A value that holds a comma must be in quotation marks, as in "1,5" or "Bern, CH".',
  ],
  [
    "a;b\nx;y\nx;y;z\nx;y\n",
    'data.csv, line 3: the row has 3 values and the header names 2 columns. A value that holds the delimiter ";" must be in quotation marks.',
  ],
  [
    "a,b\nx,1,2\ny,1,2\n",
    "data.csv, line 2: the row has 3 values and the header names 2 columns. If the first column holds row names, give it a name in the header.",
  ],
  [
    "a,b\n1,2,\n",
    "data.csv, line 2: the row has 3 values and the header names 2 columns. The row ends with a delimiter and the header does not: add one there, or remove it from the rows.",
  ],
  [
    'a,b\n1,2\n"x,2\n3,4\n5",7,8\n',
    "data.csv, line 3: the row has 3 values and the header names 2 columns. It goes on to line 5: is a quotation mark not closed?",
  ],
])("a row of another length: %j", async (text, message) => {
  expect(await fail(text)).toBe(message);
});

test("the first mistake of a file is told, though another follows", async () => {
  expect(await fail('a,b\n1,2\n3\n4,"5\n')).toContain("data.csv, line 3: the row has 1 value");
});

test.each([
  [
    'a,b\n1,2\n\n3,"x\n4,5\n',
    'data.csv, line 4, "b": a quotation mark opens and is never closed. Close it; or, if quotation marks are ordinary characters in this file, use --quote none.',
  ],
  [
    '"a,b\n1,2\n',
    "data.csv, line 1, value 1: a quotation mark opens and is never closed. Close it; or, if quotation marks are ordinary characters in this file, use --quote none.",
  ],
  [
    'a,b\n"x" y,2\n',
    'data.csv, line 2, "a": a value in quotation marks goes on after the closing mark. Inside of them a quotation mark is written twice: "say ""yes""". If quotation marks are ordinary characters in this file, use --quote none.',
  ],
  [
    'a,b\n"x,2\n3,"y"\n',
    'data.csv, line 2, "a": a value in quotation marks goes on after the closing mark on line 3. Inside of them a quotation mark is written twice: "say ""yes""". Or the mark that opens is one too many. If quotation marks are ordinary characters in this file, use --quote none.',
  ],
  [
    'a,b\n1,5" disk\n',
    'data.csv, line 2, "b": there is a quotation mark inside a value that does not begin with one. Enclose the value and write the mark twice, as in "5"" disk"; or, if quotation marks are ordinary characters in this file, use --quote none.',
  ],
])("quotation marks that do not match: %j", async (text, message) => {
  expect(await fail(text)).toBe(message);
});

test("a quotation mark that is not closed does not take up a large file", async () => {
  const text = `a,b\n1,"2\n${"3,4\n".repeat(1_200_000)}`;
  expect(await fail(text)).toBe(
    'data.csv, line 2, "b": the row is longer than 4 million characters. A quotation mark that opens on that line is not closed, or the file is no CSV.',
  );
});

test("names of columns", async () => {
  expect(await fail("a,b,a\n1,2,3\n")).toBe(
    'data.csv: columns 1 and 3 are both named "a". Give every column a name of its own; if the first line holds no names, use --no-header.',
  );
  expect(await fail("1,2\n", { columns: ["a", "b", "c"] })).toBe(
    "data.csv has 2 columns, and --columns gives 3 names. Name all of them.",
  );
  expect(await fail("1,2\n", { columns: ["a", "a"] })).toBe(
    '--columns: the names 1 and 2 are both "a". Give every column a name of its own.',
  );
});

test("a delimiter that is the quotation mark", async () => {
  expect(await fail("a'b\n", { delimiter: "'", quote: "'" })).toBe(
    'the delimiter "\'" and the quotation mark "\'" must differ: see --delimiter and --quote.',
  );
});

test("nothing to read", async () => {
  expect(await fail("")).toBe("data.csv is empty.");
  expect(await fail("\n\r\n\n")).toBe("data.csv has nothing but blank lines.");
  expect(await fail("a,b\n")).toBe("data.csv has names of columns and no rows.");
});

test("a reader that is left early lets the file go", async () => {
  const file = await openTable(write("many.csv", `a\n${"1\n".repeat(100_000)}`), { header: true });
  expect(file.delimiter).toBe(",");
  for await (const batch of file.batches()) {
    expect(batch.rows).toHaveLength(1000);
    break;
  }
  await file.close();
  await expect(failureOf(openTable(`${folder}/none.csv`), folder)).resolves.toContain("there is no file none.csv");
});
