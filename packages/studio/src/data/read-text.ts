/** The text of a visitor's file. */
import { MOST_TEXT, Refusal } from "../state/index.ts";

export interface FileText {
  readonly text: string;
  /** What a reader should know of how it was read. */
  readonly notes: readonly string[];
}

/** @throws Refusal for what is too large, or no text */
export function textOf(content: string | ArrayBuffer): FileText {
  const size = typeof content === "string" ? content.length : content.byteLength;
  if (size > MOST_TEXT) {
    throw new Refusal(
      `it has ${(size / 1e6).toFixed(1)} MB, and at most ${MOST_TEXT / 1e6} MB are read. Leave out rows or columns.`,
    );
  }
  const found = typeof content === "string" ? { text: content, notes: [] } : decode(new Uint8Array(content));
  if (found.text.trim() === "") throw new Refusal("it is empty.");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const odd = /[\0-\x08\x0e-\x1f]/.exec(found.text);
  if (odd !== null) {
    const before = found.text.slice(0, odd.index);
    const line = before.split("\n").length;
    throw new Refusal(
      `it is no text: line ${line} has the control character ${odd[0].charCodeAt(0)}. Save the table as CSV first.`,
    );
  }
  return found;
}

/** By the byte order mark; without one UTF-8 or, if it is not, what older programs of Windows write. */
function decode(bytes: Uint8Array): FileText {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3)
    throw new Refusal("it is a packed file, such as a spreadsheet (.xlsx). Save the table as CSV first.");
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : undefined;
  if (wide !== undefined)
    return { text: new TextDecoder(wide).decode(bytes), notes: [`Read as ${wide.toUpperCase()}.`] };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), notes: [] };
  } catch {
    return {
      text: new TextDecoder("windows-1252").decode(bytes),
      notes: ["Its letters are not UTF-8; they are read as Windows-1252."],
    };
  }
}
