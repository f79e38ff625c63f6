import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inFolder, temporaryFolder } from "../support/tables.ts";

const { read, fail } = inFolder(temporaryFolder());

const TEXT = "stadt;größe\nZürich;5\n東京;6\n🌱;7\n";
const ROWS = [
  ["Zürich", "5"],
  ["東京", "6"],
  ["🌱", "7"],
];

/** UTF-16 with the high byte first. */
const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

test.each([
  ["UTF-8", Buffer.from(TEXT), []],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${TEXT}`), []],
  ["UTF-16, little-endian", Buffer.from(`\ufeff${TEXT}`, "utf16le"), ["encoding utf-16le"]],
  ["UTF-16, big-endian", bigEndian(`\ufeff${TEXT}`), ["encoding utf-16be"]],
  ["UTF-16 without a mark", Buffer.from(TEXT, "utf16le"), ["encoding utf-16le"]],
  ["UTF-16 without a mark, big-endian", bigEndian(TEXT), ["encoding utf-16be"]],
])("%s is known by itself", async (_, bytes, notes) => {
  const { columns, rows, notes: told } = await read(bytes);
  expect(columns).toEqual(["stadt", "größe"]);
  expect(rows).toEqual(ROWS);
  expect(told).toEqual([...notes, 'delimiter ";"']);
});

test("others are named", async () => {
  const western = Buffer.from("stadt,€\nZürich,\x80\n", "latin1");
  expect((await read(western, { encoding: "windows-1252" })).rows).toEqual([["Zürich", "€"]]);
  // 東京 in JIS X 0208: rows and cells 37-76 and 21-94, which Shift_JIS writes 93 8C and 8B 9E.
  const japanese = Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0x93, 0x8c, 0x8b, 0x9e, 0x2c, 0x31, 0x0a]);
  expect((await read(japanese, { encoding: "shift_jis" })).rows).toEqual([["東京", "1"]]);
});

test("characters across the chunks in which a file is read", async () => {
  for (const shift of ["", "x", "xx", "xxx"]) {
    const cell = `${shift}${"🌱".repeat(50_000)}`;
    expect((await read(`a\n${cell}\n`)).rows).toEqual([[cell]]);
    expect((await read(Buffer.from(`\ufeffa\n${cell}\n`, "utf16le"))).rows).toEqual([[cell]]);
  }
});

test("a file that is not UTF-8", async () => {
  expect(await fail(Buffer.from("stadt,n\nBern,1\nZürich,2\n", "latin1"))).toBe(
    'data.csv, line 3: byte 17 is not UTF-8. Read as windows-1252, the text there is "Zürich,2". If that looks right, use ' +
      "--encoding windows-1252; else name the encoding that the file has.",
  );
  const late = Buffer.concat([Buffer.from(`a,n\n${"x,1\n".repeat(50_000)}`), Buffer.from("Gen\xe8ve,2\n", "latin1")]);
  expect(await fail(late)).toContain("data.csv, line 50002: byte 200008 is not UTF-8.");
  // Cut off within the two bytes of ü.
  expect(await fail(Buffer.from("a,b\nZü", "utf8").subarray(0, 6))).toContain("data.csv, line 2: byte 6 is not UTF-8.");
});

test("an encoding that does not fit, and one that does not exist", async () => {
  expect(await fail(Buffer.from([0x61, 0x0a, 0x31, 0x0a, 0x80, 0xff]), { encoding: "shift_jis" })).toBe(
    "data.csv: the text after line 1 is not shift_jis. Name the encoding that the file has by --encoding.",
  );
  expect(await fail("a\n1\n", { encoding: "klingon" })).toBe(
    'there is no encoding named "klingon". Some that --encoding takes are utf-8, utf-16le, windows-1252 (latin1), windows-1250, ' +
      "windows-1251, koi8-r, shift_jis, gbk, big5 and euc-kr.",
  );
});

test("zero bytes", async () => {
  const advice =
    "If it is a table in a program's own format, save it as CSV; if it is one of the formats that can be read, name it by --format.";
  expect(await fail("a,b\n1,\x002\n")).toBe(`data.csv is no text: byte 7 is 0. ${advice}`);
  expect(await fail(`a,b\n${"1,2\n".repeat(50_000)}\0`)).toBe(`data.csv is no text: byte 200005 is 0. ${advice}`);
});

test("gzip, by what the file holds and not by its name", async () => {
  const { rows, notes } = await read(gzipSync("a,b\n1,2\n"), { header: true });
  expect(rows).toEqual([["1", "2"]]);
  expect(notes).toEqual(["unpacked (gzip)"]);
  expect((await read(gzipSync("a\tb;c\n1\t2\n"), {}, "data.tsv.gz")).columns).toEqual(["a", "b;c"]);
  expect((await read(gzipSync('{"a":1}\n'), {}, "data.jsonl.gz")).rows).toEqual([[1]]);
});

test("gzip that is cut off or damaged", async () => {
  const packed = gzipSync(Array.from({ length: 5000 }, (_, i) => `${i},${i * i}\n`).join(""));
  expect(await fail(packed.subarray(0, packed.length / 2), {}, "data.csv.gz")).toBe(
    "data.csv.gz is packed by gzip and cannot be unpacked: unexpected end of file. It is damaged or was cut off; get it again.",
  );
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, 20, 60);
  expect(await fail(damaged)).toMatch(/^data\.csv is packed by gzip and cannot be unpacked: .*\. It is damaged/);
});
