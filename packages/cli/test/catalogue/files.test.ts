/** Files that are no tables, or damaged ones. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type BadInput, catalogue, plants } from "../support/catalogue.ts";
import { idx } from "../support/digits.ts";
import { fixture } from "../support/tables.ts";

/** What `chainrule train` is told of a file of this content. */
const file = (name: string, path: string, content: string | Uint8Array, says: BadInput["says"], ...options: string[]) =>
  ({
    name,
    files: { [path]: content },
    args: ["train", path, "--target", "kind", ...options],
    says,
  }) satisfies BadInput;

const bytes = (...values: readonly (number | string)[]): Uint8Array =>
  Buffer.concat(
    values.map((value) => (typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from([value]))),
  );

const good = gzipSync(plants());
const flipped = Uint8Array.from(good, (byte, i) => (i === good.length - 6 ? byte ^ 0xff : byte));
const part = (name: string, length: number): Uint8Array => readFileSync(fixture(name)).subarray(0, length);

catalogue("CSV", [
  file("an empty file", "data.csv", "", "data.csv is empty."),
  file("blank lines", "data.csv", "\n\n \n", "data.csv has nothing but blank lines."),
  file("a header only", "data.csv", "height,leaves,kind\n", "data.csv has names of columns and no rows."),
  file(
    "a row too long",
    "data.csv",
    "height,kind\n1,rose\n2,oak,tall\n3,rose\n",
    'data.csv, line 3: the row has 3 values and the header names 2 columns. A value that holds the delimiter "," must be in quotation marks.',
  ),
  file(
    "a row too short",
    "data.csv",
    "height,leaves,kind\n1,2,rose\n2,oak\n3,4,rose\n",
    "data.csv, line 3: the row has 2 values and the header names 3 columns. A value that is missing still needs its delimiter.",
  ),
  file(
    "a last row that is cut off",
    "data.csv",
    "height,leaves,kind\n1,2,rose\n2,3",
    "data.csv, line 3: the row has 2 values and the header names 3 columns. It is the last one: the file may have been cut off.",
  ),
  file(
    "a title above the header",
    "data.csv",
    "Plants of 2024\nheight,kind\n1,rose\n2,oak\n",
    "data.csv, line 2: the row has 2 values and the header names 1 column. If the line above is a title and no header, remove it.",
  ),
  file(
    "a quotation mark that is not closed",
    "data.csv",
    'height,kind\n1,rose\n2,"oak\n3,rose\n',
    'data.csv, line 3, "kind": a quotation mark opens and is never closed. Close it; or, if quotation marks are ordinary characters in this file, use --quote none.',
  ),
  file(
    "text after a quoted value",
    "data.csv",
    'height,kind\n1,"ro"se\n2,oak\n',
    'data.csv, line 2, "kind": a value in quotation marks goes on after the closing mark. Inside of them a quotation mark is written twice: "say ""yes""". If quotation marks are ordinary characters in this file, use --quote none.',
  ),
  file(
    "a quotation mark within a value",
    "data.csv",
    'height,kind\n5" tall,rose\n',
    'data.csv, line 2, "height": there is a quotation mark inside a value that does not begin with one. Enclose the value and write the mark twice, as in "5"" disk"; or, if quotation marks are ordinary characters in this file, use --quote none.',
  ),
  file(
    "columns of one name",
    "data.csv",
    "height,height,kind\n1,2,rose\n",
    'data.csv: columns 1 and 2 are both named "height". Give every column a name of its own; if the first line holds no names, use --no-header.',
  ),
  file(
    "names for fewer columns than there are",
    "data.csv",
    "1,2,rose\n3,4,oak\n",
    "data.csv has 3 columns, and --columns gives 2 names. Name all of them.",
    "--columns",
    "height,kind",
  ),
  file(
    "a name given twice",
    "data.csv",
    "1,2,rose\n",
    '--columns: the names 1 and 3 are both "kind". Give every column a name of its own.',
    "--columns",
    "kind,height,kind",
  ),
  file(
    "a delimiter that is not there",
    "data.csv",
    plants(),
    '--target: there is no column "kind". The columns are "height,leaves,kind".',
    "--delimiter",
    "semicolon",
  ),
]);

catalogue("encodings", [
  file(
    "text that is not UTF-8",
    "data.csv",
    bytes("height,kind\n1,ros", 0xe9, "\n2,oak\n"),
    'data.csv, line 2: byte 18 is not UTF-8. Read as windows-1252, the text there is "1,rosé". If that looks right, use --encoding windows-1252; else name the encoding that the file has.',
  ),
  file(
    "another encoding than told",
    "data.csv",
    bytes("height,kind\n1,ros", 0xe9, "\n"),
    "data.csv: the text after line 1 is not shift_jis. Name the encoding that the file has by --encoding.",
    "--encoding",
    "shift_jis",
  ),
  file(
    "UTF-8 told to be UTF-16",
    "data.csv",
    plants(),
    "data.csv is not utf-16le, as --encoding says: it would have bytes that are 0. Leave --encoding out, or name another one.",
    "--encoding",
    "utf-16le",
  ),
  file(
    "an encoding that does not exist",
    "data.csv",
    plants(),
    'there is no encoding named "latin-99". Some that --encoding takes are utf-8, utf-16le, windows-1252 (latin1), windows-1250, windows-1251, koi8-r, shift_jis, gbk, big5 and euc-kr.',
    "--encoding",
    "latin-99",
  ),
  file(
    "bytes that are no text",
    "data.csv",
    bytes("height", 0, 1, 2, 0, 255),
    "data.csv is no text: byte 7 is 0. If it is a table in a program's own format, save it as CSV; if it is one of the formats that can be read, name it by --format.",
  ),
  file(
    "a zero in the middle",
    "data.csv",
    bytes(plants(), 0, "\n"),
    "data.csv is no text: byte 371 is 0. If it is a table in a program's own format, save it as CSV; if it is one of the formats that can be read, name it by --format.",
  ),
]);

catalogue("files that are no tables", [
  file(
    "an Excel workbook",
    "plants.xlsx",
    bytes("PK", 3, 4, "[Content_Types].xml"),
    "plants.xlsx is a ZIP archive or an Excel workbook, no table. Save the sheet as CSV, or unpack the archive.",
  ),
  file(
    "an old Excel workbook",
    "plants.xls",
    bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
    "plants.xls is an old Excel workbook, no table. Save the sheet as CSV.",
  ),
  file(
    "a ZIP archive named CSV",
    "data.csv",
    bytes("PK", 3, 4, "data.csv"),
    "data.csv is a ZIP archive or an Excel workbook, no table. Save the sheet as CSV, or unpack the archive.",
  ),
  file(
    "a PDF document",
    "plants.pdf",
    "%PDF-1.7\n",
    "plants.pdf is a PDF document, no table. Get the data that it was made from, as CSV.",
  ),
  file(
    "a picture",
    "plants.png",
    bytes(0x89, "PNG\r\n", 0x1a, "\n"),
    "plants.png is a PNG image, no table. Images are read from IDX and NumPy files.",
  ),
  file(
    "a database",
    "plants.db",
    bytes("SQLite format 3", 0),
    "plants.db is an SQLite database, no table. Export the table as CSV: sqlite3 -header -csv file.db 'select * from t'.",
  ),
  file(
    "a file packed by Zstandard",
    "data.csv.zst",
    bytes(0x28, 0xb5, 0x2f, 0xfd),
    "data.csv.zst is packed by Zstandard, no table. Unpack it: unzstd.",
  ),
  file(
    "a web page",
    "data.csv",
    "<!DOCTYPE html><html><body>Not found</body></html>",
    'data.csv is a web page ("<!DOCTYPE html>" …), no table. Download the file itself.',
  ),
  file(
    "a model file",
    "plants.safetensors",
    bytes(0x10, 0, 0, 0, 0, 0, 0, 0, '{"a":1}         '),
    "plants.safetensors is a model file (safetensors), no table. Name the file with the data.",
  ),
  {
    name: "a folder",
    files: { "plants/data.csv": plants() },
    args: ["train", "plants", "--target", "kind"],
    says: "plants is a folder. Name a file in it.",
  },
  { name: "no file", args: ["train", "plants.csv", "--target", "kind"], says: /^error: there is no file plants\.csv/ },
  {
    name: "nothing on standard input",
    args: ["train", "-", "--target", "kind"],
    input: "",
    says: "standard input is empty.",
  },
]);

catalogue("damaged files", [
  file(
    "gzip that was cut off",
    "data.csv.gz",
    good.subarray(0, good.length - 20),
    "data.csv.gz is packed by gzip and cannot be unpacked: unexpected end of file. It is damaged or was cut off; get it again.",
  ),
  file(
    "gzip whose checksum is wrong",
    "data.csv.gz",
    flipped,
    "data.csv.gz is packed by gzip and cannot be unpacked: incorrect data check. It is damaged or was cut off; get it again.",
  ),
  file("gzip of nothing", "data.csv.gz", gzipSync(""), "data.csv.gz is empty."),
  file(
    "a Parquet file that was cut off",
    "data.parquet",
    part("plants-snappy.parquet", 300),
    "data.parquet cannot be read as Parquet: parquet file invalid (footer != PAR1). It is damaged or was cut off, or uses a part of the format that is not known here; get it again, or save it with other settings.",
  ),
  file(
    "a Parquet file of its first bytes only",
    "data.parquet",
    "PAR1",
    "data.parquet cannot be read as Parquet: Offset is outside the bounds of the DataView. It is damaged or was cut off, or uses a part of the format that is not known here; get it again, or save it with other settings.",
  ),
  file(
    "an array that was cut off",
    "data.npy",
    part("float64.npy", 150),
    "data.npy needs 48 bytes for its shape (2, 3), and there are 22: it is cut off. Get the file again.",
  ),
  file(
    "an array without its header",
    "data.npy",
    part("float64.npy", 20),
    "data.npy was cut off in its header. Get it again.",
  ),
  file(
    "an array of Python objects",
    "data.npy",
    readFileSync(fixture("object.npy")),
    'data.npy holds elements of type "|O". They are stored as Python pickles, which may run any program when they are read: save them as numbers or texts.',
  ),
  file(
    "an .npz that was cut off",
    "data.npz",
    part("xy.npz", 300),
    "data.npz cannot be unpacked: invalid zip data. It is damaged or was cut off; get it again.",
  ),
  file(
    "an IDX file that was cut off",
    "data.idx",
    idx([4, 3], new Uint8Array(12)).subarray(0, 18),
    "data.idx: uint8[4, 3] needs a file of 24 bytes, and this one has 18: it is truncated. Get the file again.",
  ),
  file(
    "text that is told to be Parquet",
    "data.csv",
    plants(),
    'data.csv is not a Parquet file, as --format says: it does not begin with "PAR1". It is damaged, or of another format; name that by --format.',
    "--format",
    "parquet",
  ),
  file(
    "a part that an .npz does not have",
    "data.npz",
    readFileSync(fixture("parts.npz")),
    'data.npz has no arrays whose names end in "_final"; its arrays are x_train, y_train, x_test, y_test.',
    "--part",
    "final",
  ),
]);

catalogue("JSON", [
  file(
    "a broken line",
    "data.jsonl",
    '{"height":1,"kind":"rose"}\n{"height":2,"kind":"oak"\n',
    'data.jsonl, line 2 is not JSON: Expected \',\' or \'}\' after property value in JSON at position 24 (line 1 column 25). It begins "{\\"height\\":2,\\"kind\\":\\"oak\\"". There must be one object on each line, or an array of objects in the whole file.',
  ),
  file(
    "a line that is no object",
    "data.jsonl",
    '{"height":1,"kind":"rose"}\n[2,"oak"]\n',
    'data.jsonl, line 2: there must be an object such as {"length": 5.1}; there is an array.',
  ),
  file(
    "a value within a value",
    "data.jsonl",
    '{"height":1,"kind":{"name":"rose"}}\n',
    '--target: there is no column "kind". The columns are "height", "kind.name".',
  ),
  file(
    "an array that is not closed",
    "data.json",
    '[{"height":1,"kind":"rose"}',
    'data.json is not JSON: Expected \',\' or \']\' after array element in JSON at position 27 (line 1 column 28). It begins "[{\\"height\\":1,\\"kind\\":\\"rose\\"}". There must be one object on each line, or an array of objects in the whole file.',
  ),
  file("no array", "data.json", '{"height":1}', '--target: there is no column "kind". The columns are "height".'),
  file(
    "no objects",
    "data.json",
    "[1,2]",
    'data.json, row 1: there must be an object such as {"length": 5.1}; there is a number.',
  ),
  file("an array of nothing", "data.json", "[]", "data.json has no objects."),
]);
