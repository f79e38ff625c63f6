/** Which format a file has: by its first bytes where they tell, else by its name, else by how its text begins. */
import { Failure } from "../failure.ts";
import type { Source } from "./source.ts";
import { type Format, quoted } from "./table-file.ts";
import { HEAD } from "./text.ts";

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  parquet: "parquet",
  parq: "parquet",
  pq: "parquet",
  npy: "npy",
  npz: "npz",
  idx: "idx",
};

/** Formats that are told by their first bytes. */
const BINARY: readonly Format[] = ["parquet", "npy", "npz", "idx"];

/** Files that are no tables, by their first bytes: what they are, and what to do. G. Kessler, "File Signatures Table". */
const FOREIGN: readonly (readonly [string, string, string])[] = [
  ["PK\x03\x04", "a ZIP archive or an Excel workbook", "Save the sheet as CSV, or unpack the archive."],
  ["\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as CSV."],
  ["%PDF", "a PDF document", "Get the data that it was made from, as CSV."],
  ["\x89PNG", "a PNG image", "Images are read from IDX and NumPy files."],
  ["\xff\xd8\xff", "a JPEG image", "Images are read from IDX and NumPy files."],
  ["GIF8", "a GIF image", "Images are read from IDX and NumPy files."],
  ["SQLite format 3", "an SQLite database", "Export the table as CSV: sqlite3 -header -csv file.db 'select * from t'."],
  ["\x89HDF", "an HDF5 file", "Save the table as CSV or Parquet."],
  ["ARROW1", "an Arrow (Feather) file", "Save the table as Parquet."],
  ["\x28\xb5\x2f\xfd", "packed by Zstandard", "Unpack it: unzstd."],
  ["BZh", "packed by bzip2", "Unpack it: bunzip2."],
  ["\xfd7zXZ", "packed by xz", "Unpack it: unxz."],
  ["7z\xbc\xaf", "a 7-Zip archive", "Unpack it."],
];

/** @throws Failure for an empty file, and for one that is known to be no table */
export async function detectFormat(source: Source, wanted?: Format): Promise<Format> {
  const start = await source.peek(HEAD);
  if (start.length === 0) throw new Failure(`${source.name} is empty.`);
  const binary = signature(start);
  const format = wanted ?? binary ?? byName(source) ?? byText(start);
  if (binary === undefined) refuseForeign(source.name, start);
  if (BINARY.includes(format) && binary !== format) {
    const reason = wanted === undefined ? "as its name says" : "as --format says";
    throw new Failure(
      `${source.name} is not ${DESCRIPTIONS[format]}, ${reason}: ${describeStart(format, binary)}. It is damaged, or of ` +
        "another format; name that by --format.",
    );
  }
  if (binary !== undefined && binary !== format)
    throw new Failure(`${source.name} is ${DESCRIPTIONS[binary]}, not ${format}. Leave --format out.`);
  return format;
}

const DESCRIPTIONS: Readonly<Record<Format, string>> = {
  csv: "a CSV file",
  tsv: "a TSV file",
  jsonl: "a file of JSON lines",
  json: "a JSON file",
  parquet: "a Parquet file",
  npy: "a NumPy .npy file",
  npz: "a NumPy .npz file",
  idx: "an IDX file",
};

function describeStart(format: Format, binary: Format | undefined): string {
  if (binary !== undefined) return `it is ${DESCRIPTIONS[binary]}`;
  const expected = { parquet: '"PAR1"', npy: '"\\x93NUMPY"', npz: "a ZIP entry that ends in .npy", idx: "two bytes 0" };
  return `it does not begin with ${expected[format as keyof typeof expected]}`;
}

function signature(start: Uint8Array): Format | undefined {
  const text = latin(start.subarray(0, 512));
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("\x93NUMPY")) return "npy";
  // A local file header has the length of the name at byte 26 and the name at byte 30 (PKWARE, APPNOTE.TXT, 4.3.7).
  if (text.startsWith("PK\x03\x04") && text.slice(30, 30 + text.charCodeAt(26)).endsWith(".npy")) return "npz";
  const [first, second, kind, rank] = start as unknown as [number, number, number, number];
  if (first === 0 && second === 0 && [8, 9, 11, 12, 13, 14].includes(kind) && rank >= 1 && rank <= 8) return "idx";
  return undefined;
}

function byName({ path }: Source): Format | undefined {
  const name = path?.toLowerCase().replace(/\.(gz|gzip)$/, "") ?? "";
  if (/idx\d+-[a-z]+$/.test(name)) return "idx";
  return BY_EXTENSION[/\.([^./\\]+)$/.exec(name)?.[1] ?? ""];
}

function byText(start: Uint8Array): Format {
  const first = latin(start)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()[0];
  return first === "{" ? "jsonl" : first === "[" ? "json" : "csv";
}

function refuseForeign(name: string, start: Uint8Array): void {
  const text = latin(start.subarray(0, 512));
  for (const [bytes, what, advice] of FOREIGN)
    if (text.startsWith(bytes)) throw new Failure(`${name} is ${what}, no table. ${advice}`);
  const html = /^[\s\xef\xbb\xbf]*<(!doctype html|html|head)[\s>]/i.exec(text);
  if (html !== null)
    throw new Failure(`${name} is a web page (${quoted(html[0].trim())} …), no table. Download the file itself.`);
  // The safetensors format begins with the length of its header, which is JSON.
  if (/^.{4}\0{4}\{"/s.test(text))
    throw new Failure(`${name} is a model file (safetensors), no table. Name the file with the data.`);
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
