import { expect, test } from "vitest";
import { openTable, readTable } from "../../src/files/index.ts";
import { failureOf, inFolder, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const { read, fail, write } = inFolder(folder);

test("an object on each line, with blank lines and keys that come and go", async () => {
  const text = '{"a":1.5,"b":" x "}\r\n\n{"b":"","c":true}\n{"c":null,"a":-2e3}';
  expect(await read(text, {}, "data.jsonl")).toMatchObject({
    columns: ["a", "b", "c"],
    rows: [
      [1.5, "x", null],
      [null, null, true],
      [-2000, null, null],
    ],
    places: ["line 1", "line 3", "line 4"],
    notes: [],
  });
});

test("objects in objects become columns", async () => {
  const text = '{"id":1,"at":{"x":2,"y":{"z":3}}}\n{"id":2,"at":{}}\n';
  const { columns, rows, notes } = await read(text, {}, "data.jsonl");
  expect(columns).toEqual(["id", "at.x", "at.y.z"]);
  expect(rows).toEqual([
    [1, 2, 3],
    [2, null, null],
  ]);
  expect(notes).toEqual(['objects in objects become columns such as "at.x"']);
});

test("integers that a number cannot hold stay texts", async () => {
  const { rows } = await read(
    '{"id":9007199254740993,"n":9007199254740991,"x":1234567890123456.5}\n',
    {},
    "data.jsonl",
  );
  expect(rows).toEqual([["9007199254740993", 9007199254740991, 1234567890123456.5]]);
});

test("keys with a meaning in JavaScript are keys", async () => {
  const { columns, rows } = await read('{"__proto__":1,"constructor":2,"toString":3}\n', {}, "data.jsonl");
  expect(columns).toEqual(["__proto__", "constructor", "toString"]);
  expect(rows).toEqual([[1, 2, 3]]);
});

test("a .json file holds an array, or objects on lines", async () => {
  expect(await read('[\n {"a": 1},\n {"b": "x"}\n]', {}, "data.json")).toMatchObject({
    columns: ["a", "b"],
    rows: [
      [1, null],
      [null, "x"],
    ],
    places: ["row 1", "row 2"],
  });
  expect((await read('{"a":1}\n{"a":2}\n', {}, "data.json")).places).toEqual(["line 1", "line 2"]);
});

test("a new key after the first thousand rows: too late for a stream, in time for a table", async () => {
  const path = write("late.jsonl", `${'{"a":1}\n'.repeat(1500)}{"a":2,"b":3}\n`);
  const file = await openTable(path);
  const all = (async () => {
    for await (const _ of file.batches());
  })();
  expect(await failureOf(all, folder)).toBe(
    'late.jsonl, line 1501: the key "b" is new; none of the first 1000 objects of late.jsonl has it. Give it to the first object, ' +
      "with the value null if it has none.",
  );
  await file.close();
  const { table, place } = await readTable(path);
  expect(table.names).toEqual(["a", "b"]);
  expect([table.column("b")[0], table.column("b")[1500], place(1500)]).toEqual([null, 3, "line 1501"]);
});

test.each([
  [
    '{"a":1}\n{"a":[1,2]}\n',
    'data.jsonl, line 2: the value of "a" is an array. A table has one value in a cell: write a key for each item.',
  ],
  ['{"a":1}\n[1,2]\n', 'data.jsonl, line 2: there must be an object such as {"length": 5.1}; there is an array.'],
  ['{"a":1}\n3\n', 'data.jsonl, line 2: there must be an object such as {"length": 5.1}; there is a number.'],
  ['{"a":{"b":1},"a.b":2}\n', 'data.jsonl, line 1: there are two values for "a.b".'],
  ["\n\n", "data.jsonl has no objects."],
])("what is no table: %j", async (text, message) => {
  expect(await fail(text, {}, "data.jsonl")).toBe(message);
});

test("what is not JSON", async () => {
  const message = await fail('{"a":1}\n{"a":1,}\n', {}, "data.jsonl");
  expect(message).toMatch(
    /^data\.jsonl, line 2 is not JSON: .+\. It begins "\{\\"a\\":1,\}"\. There must be one object on each line,/,
  );
  expect(await fail('{\n  "a": 1\n}\n', {}, "data.json")).toMatch(
    /^data\.json, line 1 is not JSON: .* one object on each line, or an array/,
  );
  expect(await fail('[{"a":1},', {}, "data.json")).toMatch(/^data\.json is not JSON: Unexpected end of JSON input\. /);
  expect(await fail('"x"', {}, "data.json")).toBe(
    "data.json must hold an array of objects, or one object on each line; it holds a string.",
  );
  expect(await fail("[]", {}, "data.json")).toBe("data.json has no objects.");
  expect(await fail("[[1]]", {}, "data.json")).toBe(
    'data.json, row 1: there must be an object such as {"length": 5.1}; there is an array.',
  );
});

test("names by option", async () => {
  expect(await fail('{"a":1}\n', { columns: ["b"] }, "data.jsonl")).toBe(
    "data.jsonl names its columns itself. Leave --columns out.",
  );
});
