import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { openTable } from "../../src/files/index.ts";
import { contentOf, failureOf, fixture, inFolder, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const { read, fail, write } = inFolder(folder);

test.each([
  ["a.csv", "a,b\nx,y\n", "csv", []],
  ["a.TSV", "a\tb\nx\ty\n", "tsv", []],
  ["a.txt", "a,b\nx,y\n", "csv", ["format csv"]],
  ["iris.data", "1,2\n", "csv", ["format csv"]],
  ["a", '{"a":"x"}\n', "jsonl", ["format jsonl"]],
  ["a.dat", '\n [{"a":"x"}]', "json", ["format json"]],
  ["a.ndjson", '{"a":"x"}\n', "jsonl", ["format jsonl"]],
  ["a.json", '[{"a":"x"}]', "json", []],
])("the format of %s is found out", async (name, text, format, notes) => {
  const content = await read(text, {}, name);
  expect(content.format).toBe(format);
  expect(content.notes.filter((note) => note.startsWith("format"))).toEqual(notes);
});

test("formats with a mark of their own are known whatever their name", async () => {
  for (const [file, format] of [
    ["plants-snappy.parquet", "parquet"],
    ["int8.npy", "npy"],
    ["xy.npz", "npz"],
  ] as const) {
    expect((await contentOf(write("wrong.csv", readFileSync(fixture(file))))).format).toBe(format);
  }
});

test("--format decides", async () => {
  expect((await read('{"a"\n"x"\n', { format: "csv", quote: null })).columns).toEqual(['{"a"']);
  expect(await fail("a,b\n", { format: "npy" })).toBe(
    'data.csv is not a NumPy .npy file, as --format says: it does not begin with "\\x93NUMPY". It is damaged, or of another ' +
      "format; name that by --format.",
  );
  expect(await fail(readFileSync(fixture("int8.npy")), { format: "csv" }, "a.npy")).toBe(
    "a.npy is a NumPy .npy file, not csv. Leave --format out.",
  );
});

test("a name that promises another format", async () => {
  expect(await fail("a,b\n1,2\n", {}, "a.parquet")).toBe(
    'a.parquet is not a Parquet file, as its name says: it does not begin with "PAR1". It is damaged, or of another format; ' +
      "name that by --format.",
  );
  expect(await fail("hello", {}, "train-images-idx3-ubyte")).toContain(
    "train-images-idx3-ubyte is not an IDX file, as its name says: it does not begin with two bytes 0.",
  );
});

const zip = Buffer.from(zipSync({ "xl/workbook.xml": new Uint8Array(5) }));

test.each([
  [zip, "data.csv is a ZIP archive or an Excel workbook, no table. Save the sheet as CSV, or unpack the archive."],
  [Buffer.from("d0cf11e0a1b11ae1", "hex"), "data.csv is an old Excel workbook, no table. Save the sheet as CSV."],
  ["%PDF-1.7\n", "data.csv is a PDF document, no table. Get the data that it was made from, as CSV."],
  [
    Buffer.from("89504e470d0a1a0a", "hex"),
    "data.csv is a PNG image, no table. Images are read from IDX and NumPy files.",
  ],
  [Buffer.from("ffd8ffe0", "hex"), "data.csv is a JPEG image, no table. Images are read from IDX and NumPy files."],
  ["GIF89a", "data.csv is a GIF image, no table. Images are read from IDX and NumPy files."],
  [
    "SQLite format 3\0",
    "data.csv is an SQLite database, no table. Export the table as CSV: sqlite3 -header -csv file.db 'select * from t'.",
  ],
  [Buffer.from("894844460d0a1a0a", "hex"), "data.csv is an HDF5 file, no table. Save the table as CSV or Parquet."],
  ["ARROW1\0\0", "data.csv is an Arrow (Feather) file, no table. Save the table as Parquet."],
  [Buffer.from("28b52ffd00", "hex"), "data.csv is packed by Zstandard, no table. Unpack it: unzstd."],
  ["BZh91AY", "data.csv is packed by bzip2, no table. Unpack it: bunzip2."],
  [Buffer.from("fd377a585a00", "hex"), "data.csv is packed by xz, no table. Unpack it: unxz."],
  [Buffer.from("377abcaf271c", "hex"), "data.csv is a 7-Zip archive, no table. Unpack it."],
  ["\n<!DOCTYPE html><html>", 'data.csv is a web page ("<!DOCTYPE html>" …), no table. Download the file itself.'],
  [
    Buffer.from('\x40\0\0\0\0\0\0\0{"w":{}}', "latin1"),
    "data.csv is a model file (safetensors), no table. Name the file with the data.",
  ],
])("a file that is no table: %#", async (bytes, message) => {
  expect(await fail(bytes)).toBe(message);
});

test("files that cannot be opened", async () => {
  const path = join(folder, "none.csv");
  expect(await failureOf(openTable(path), folder)).toBe(
    `there is no file none.csv (the working folder is ${process.cwd()}). Check the spelling of its path.`,
  );
  mkdirSync(join(folder, "inner"));
  expect(await failureOf(openTable(join(folder, "inner")), folder)).toBe("inner is a folder. Name a file in it.");
  write("plain", "x");
  expect(await failureOf(openTable(join(folder, "plain", "a.csv")), folder)).toContain("there is no file plain/a.csv");
});

test.skipIf(process.platform === "win32")("files that may not be read", async () => {
  let path = write("closed.csv", "a\n1\n");
  chmodSync(path, 0o000);
  // The superuser may read that one; a setting of the kernel that can only be written is closed to everybody.
  if (process.getuid?.() === 0) path = "/proc/sys/net/ipv4/route/flush";
  const told = await failureOf(openTable(path));
  expect(told).toBe(
    existsSync(path)
      ? `you may not read ${path}. Ask its owner, or name another file.`
      : `there is no file ${path} (the working folder is ${process.cwd()}). Check the spelling of its path.`,
  );
});

test.skipIf(process.platform !== "linux")("files that cannot be read", async () => {
  // Nothing is at address 0 of a process.
  expect(await failureOf(openTable("/proc/self/mem"))).toBe("cannot read /proc/self/mem: EIO: i/o error, read.");
});
