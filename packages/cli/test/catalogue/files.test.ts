/** Files that are no tables, or damaged ones. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type BadInput, catalogue, plants } from "../support/catalogue.ts";
import { idx } from "../support/digits.ts";
import { fixture } from "../support/tables.ts";

/** What `chainrule train` is told of a file of this content. */
const file = (name: string, path: string, content: string | Uint8Array, says: BadInput["says"], ...options: string[]) =>
  ({ name, files: { [path]: content }, args: ["train", path, "--target", "kind", ...options], says }) satisfies BadInput;

const bytes = (...values: readonly (number | string)[]): Uint8Array =>
  Buffer.concat(values.map((value) => (typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from([value]))));

const good = gzipSync(plants());
const flipped = Uint8Array.from(good, (byte, i) => (i === good.length - 6 ? byte ^ 0xff : byte));
const part = (name: string, length: number): Uint8Array => readFileSync(fixture(name)).subarray(0, length);

catalogue("CSV", [
  file("an empty file", "data.csv", "", "?"),
  file("blank lines", "data.csv", "\n\n \n", "?"),
  file("a header only", "data.csv", "height,leaves,kind\n", "?"),
  file("a row too long", "data.csv", "height,kind\n1,rose\n2,oak,tall\n3,rose\n", "?"),
  file("a row too short", "data.csv", "height,leaves,kind\n1,2,rose\n2,oak\n3,4,rose\n", "?"),
  file("a last row that is cut off", "data.csv", "height,leaves,kind\n1,2,rose\n2,3", "?"),
  file("a title above the header", "data.csv", "Plants of 2024\nheight,kind\n1,rose\n2,oak\n", "?"),
  file("a quotation mark that is not closed", "data.csv", 'height,kind\n1,rose\n2,"oak\n3,rose\n', "?"),
  file("text after a quoted value", "data.csv", 'height,kind\n1,"ro"se\n2,oak\n', "?"),
  file("a quotation mark within a value", "data.csv", 'height,kind\n5" tall,rose\n', "?"),
  file("columns of one name", "data.csv", "height,height,kind\n1,2,rose\n", "?"),
  file("names for fewer columns than there are", "data.csv", "1,2,rose\n3,4,oak\n", "?", "--columns", "height,kind"),
  file("a name given twice", "data.csv", "1,2,rose\n", "?", "--columns", "kind,height,kind"),
  file("a delimiter that is not there", "data.csv", plants(), "?", "--delimiter", "semicolon"),
]);

catalogue("encodings", [
  file("text that is not UTF-8", "data.csv", bytes("height,kind\n1,ros", 0xe9, "\n2,oak\n"), "?"),
  file("another encoding than told", "data.csv", bytes("height,kind\n1,ros", 0xe9, "\n"), "?", "--encoding", "shift_jis"),
  file("UTF-8 told to be UTF-16", "data.csv", plants(), "?", "--encoding", "utf-16le"),
  file("an encoding that does not exist", "data.csv", plants(), "?", "--encoding", "latin-99"),
  file("bytes that are no text", "data.csv", bytes("height", 0, 1, 2, 0, 255), "?"),
  file("a zero in the middle", "data.csv", bytes(plants(), 0, "\n"), "?"),
]);

catalogue("files that are no tables", [
  file("an Excel workbook", "plants.xlsx", bytes("PK", 3, 4, "[Content_Types].xml"), "?"),
  file("an old Excel workbook", "plants.xls", bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), "?"),
  file("a ZIP archive named CSV", "data.csv", bytes("PK", 3, 4, "data.csv"), "?"),
  file("a PDF document", "plants.pdf", "%PDF-1.7\n", "?"),
  file("a picture", "plants.png", bytes(0x89, "PNG\r\n", 0x1a, "\n"), "?"),
  file("a database", "plants.db", bytes("SQLite format 3", 0), "?"),
  file("a file packed by Zstandard", "data.csv.zst", bytes(0x28, 0xb5, 0x2f, 0xfd), "?"),
  file("a web page", "data.csv", "<!DOCTYPE html><html><body>Not found</body></html>", "?"),
  file("a model file", "model.safetensors", bytes(0x10, 0, 0, 0, 0, 0, 0, 0, '{"a":1}         '), "?"),
  { name: "a folder", files: { "plants/data.csv": plants() }, args: ["train", "plants", "--target", "kind"], says: "?" },
  { name: "no file", args: ["train", "plants.csv", "--target", "kind"], says: /^error: there is no file plants\.csv/ },
  { name: "nothing on standard input", args: ["train", "-", "--target", "kind"], input: "", says: "?" },
]);

catalogue("damaged files", [
  file("gzip that was cut off", "data.csv.gz", good.subarray(0, good.length - 20), "?"),
  file("gzip whose checksum is wrong", "data.csv.gz", flipped, "?"),
  file("gzip of nothing", "data.csv.gz", gzipSync(""), "?"),
  file("a Parquet file that was cut off", "data.parquet", part("plants-snappy.parquet", 300), "?"),
  file("a Parquet file of its first bytes only", "data.parquet", "PAR1", "?"),
  file("an array that was cut off", "data.npy", part("float64.npy", 150), "?"),
  file("an array without its header", "data.npy", part("float64.npy", 20), "?"),
  file("an array of Python objects", "data.npy", readFileSync(fixture("object.npy")), "?"),
  file("an .npz that was cut off", "data.npz", part("xy.npz", 300), "?"),
  file("an IDX file that was cut off", "data.idx", idx([4, 3], new Uint8Array(12)).subarray(0, 18), "?"),
  file("text that is told to be Parquet", "data.csv", plants(), "?", "--format", "parquet"),
  file("a part that an .npz does not have", "data.npz", readFileSync(fixture("parts.npz")), "?", "--part", "final"),
]);

catalogue("JSON", [
  file("a broken line", "data.jsonl", '{"height":1,"kind":"rose"}\n{"height":2,"kind":"oak"\n', "?"),
  file("a line that is no object", "data.jsonl", '{"height":1,"kind":"rose"}\n[2,"oak"]\n', "?"),
  file("a value within a value", "data.jsonl", '{"height":1,"kind":{"name":"rose"}}\n', "?"),
  file("an array that is not closed", "data.json", '[{"height":1,"kind":"rose"}', "?"),
  file("no array", "data.json", '{"height":1}', "?"),
  file("no objects", "data.json", "[1,2]", "?"),
  file("an array of nothing", "data.json", "[]", "?"),
]);
