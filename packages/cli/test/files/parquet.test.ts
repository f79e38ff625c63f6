import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { contentOf, failureOf, fixture, inFolder, temporaryFolder } from "../support/tables.ts";

const { read, fail } = inFolder(temporaryFolder());

/** As make.py has them. */
const COLUMNS = {
  species: ["setosa", "virginica", null, "setosa"],
  length: [5.1, 6.3, 4.75, null],
  // 2^60 + 1, which no number can hold.
  count: [1, null, 3, "1152921504606846977"],
  small: [1, 2, 3, -4],
  ripe: [true, false, null, true],
  picked: ["2024-02-29", null, "1969-12-31", "2000-01-01"],
  seen: ["2024-02-29T12:00:00.5Z", null, "1969-12-31T23:59:59.000001Z", "2000-01-01T00:00:00Z"],
  local: ["2024-02-29T12:00:00", null, null, "2000-01-01T00:00:00"],
  time: ["12:30:00", null, "23:59:59.25", "00:00:00"],
  price: [0.35, -12.1, null, 123456.78],
  half: [0.5, -2, null, 65504],
  kind: ["a", "b", "a", null],
};

test.each(["snappy", "gzip", "zstd", "brotli", "lz4"])("a file of pyarrow, packed by %s", async (codec) => {
  const { columns, rows, places, notes } = await contentOf(fixture(`plants-${codec}.parquet`));
  expect(columns).toEqual(Object.keys(COLUMNS));
  expect(rows).toEqual([0, 1, 2, 3].map((i) => Object.values(COLUMNS).map((cells) => cells[i])));
  expect(places).toEqual(["row 1", "row 2", "row 3", "row 4"]);
  expect(notes).toEqual([]);
});

test("from within gzip it is read as a whole", async () => {
  const packed = gzipSync(readFileSync(fixture("plants-zstd.parquet")));
  expect((await read(packed, {}, "plants.parquet.gz")).rows).toHaveLength(4);
});

test("columns that hold no cells", async () => {
  const advice =
    "A cell must be a number, a text, a date, true or false: save the table without that column, or with a column for each of its parts.";
  const lists = fixture("lists.parquet");
  expect(await failureOf(contentOf(lists))).toBe(`${lists}: column "tags" holds lists or records. ${advice}`);
  const bytes = fixture("bytes.parquet");
  expect(await failureOf(contentOf(bytes))).toBe(`${bytes}: column "raw" holds bytes. ${advice}`);
});

test("two columns of one name", async () => {
  const path = fixture("twice.parquet");
  expect(await failureOf(contentOf(path))).toBe(`${path}: two columns are named "a".`);
});

test("damaged files", async () => {
  const bytes = readFileSync(fixture("plants-snappy.parquet"));
  const told =
    /^plants\.parquet cannot be read as Parquet: .+\. It is damaged or was cut off, or uses a part of the format/;
  expect(await fail(bytes.subarray(0, bytes.length - 100), {}, "plants.parquet")).toMatch(told);
  expect(await fail(bytes.subarray(0, 6), {}, "plants.parquet")).toMatch(told);
  const spoilt = Buffer.from(bytes);
  spoilt.fill(0xff, 4, 60);
  expect(await fail(spoilt, {}, "plants.parquet")).toMatch(told);
});
