/** The options of all commands that read a data file. */
import { InvalidArgumentError, Option } from "commander";
import { FORMATS, type ReadOptions } from "./table-file.ts";

/** In the names that commander gives to the options of `readOptions`. */
export interface ReadFlags {
  readonly format?: ReadOptions["format"];
  readonly delimiter?: string;
  /** "none": see `quote` of ReadOptions. Commander takes a null for no value. */
  readonly quote?: string;
  readonly encoding?: string;
  readonly header?: boolean;
  readonly decimalComma?: boolean;
  readonly columns?: readonly string[];
  readonly part?: string;
}

/** For a command that has no options of these names itself. */
export const readOptions = (): Option[] => [
  new Option("--format <format>", "format of the data, if its name and content do not tell").choices(FORMATS),
  new Option("--delimiter <text>", "between the values of CSV, such as ';' or tab; found out by itself").argParser(
    delimiter,
  ),
  new Option("--quote <mark>", "mark that encloses values of CSV; none: they are enclosed by nothing").argParser(quote),
  new Option(
    "--encoding <name>",
    "encoding of CSV or JSON, such as windows-1252; UTF-8 and UTF-16 are known by themselves",
  ),
  new Option("--header", "the first row of CSV holds names, even if it looks like numbers"),
  new Option("--no-header", "the first row of CSV is data; the columns are column_1, column_2 …"),
  new Option("--decimal-comma", "in CSV, 1.234,5 is the number 1234.5"),
  new Option("--columns <names>", "names of the columns, separated by commas, for a file that has none").argParser(
    names,
  ),
  new Option("--part <name>", "arrays of an .npz: test stands for x_test and y_test (default: train, or all)"),
];

/** What `readOptions` brought, out of all options of a command. */
export const readOptionsOf = (flags: ReadFlags): ReadOptions => {
  const { format, delimiter, encoding, header, decimalComma, columns, part } = flags;
  const quote = flags.quote === "none" ? null : flags.quote;
  const all = { format, delimiter, quote, encoding, header, decimalComma, columns, part };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

/** Names for characters that are awkward to type. */
const DELIMITERS: Readonly<Record<string, string>> = {
  tab: "\t",
  "\\t": "\t",
  comma: ",",
  semicolon: ";",
  space: " ",
  pipe: "|",
};

function delimiter(text: string): string {
  const value = DELIMITERS[text] ?? text;
  if (value !== "" && !/[\r\n"]/.test(value)) return value;
  throw new InvalidArgumentError(
    "It must be one character or more, such as ';', or tab, comma, semicolon, space, pipe.",
  );
}

function quote(text: string): string {
  if (text === "none" || text.length === 1) return text;
  throw new InvalidArgumentError("It must be one character, or none.");
}

function names(text: string): string[] {
  const values = text.split(",").map((name) => name.trim());
  if (values.every((name) => name !== "")) return values;
  throw new InvalidArgumentError("It must be names separated by commas, such as length,width,species.");
}
