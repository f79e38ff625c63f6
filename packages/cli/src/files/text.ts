/** Text in any encoding, as UTF-8. */
import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.ts";
import type { Source } from "./source.ts";
import { quoted } from "./table-file.ts";

/** How much of a file is looked at to find out what it is. */
export const HEAD = 1 << 16;

export interface Text {
  /** The name of the encoding, in lower case. */
  readonly encoding: string;
  /** The beginning. */
  readonly head: string;
  /** All of it in UTF-8, without a byte order mark. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** @throws Failure for a file that is empty or no text */
export async function openText(source: Source, label?: string): Promise<Text> {
  const start = await source.peek(HEAD);
  if (start.length === 0) throw new Failure(`${source.name} is empty.`);
  const encoding = label === undefined ? guessEncoding(start) : encodingOf(label);
  const wide = encoding.startsWith("utf-16");
  if (wide && !start.includes(0)) throw new Failure(describeNarrow(source.name, encoding));
  if (!wide && start.includes(0)) throw new Failure(describeBinary(source.name, start.indexOf(0)));
  return {
    encoding,
    head: new TextDecoder(encoding).decode(start, { stream: true }),
    chunks: () =>
      encoding === "utf-8"
        ? checkedUTF8(source.chunks(), source.name)
        : decoded(source.chunks(), encoding, source.name),
  };
}

function encodingOf(label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).encoding;
  } catch {
    throw new Failure(
      `there is no encoding named ${quoted(label)}. Some that --encoding takes are utf-8, utf-16le, windows-1252 ` +
        "(latin1), windows-1250, windows-1251, koi8-r, shift_jis, gbk, big5 and euc-kr.",
    );
  }
}

/** By the byte order mark; without one, UTF-16 of Latin text shows by zeros in every other byte. */
function guessEncoding(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  start.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  });
  const [even, odd] = zeros as [number, number];
  if (even === 0 && odd > start.length / 4) return "utf-16le";
  if (odd === 0 && even > start.length / 4) return "utf-16be";
  return "utf-8";
}

/** In UTF-16 every delimiter and every line break has a byte 0. */
const describeNarrow = (name: string, encoding: string): string =>
  `${name} is not ${encoding}, as --encoding says: it would have bytes that are 0. Leave --encoding out, or name another one.`;

const describeBinary = (name: string, at: number): string =>
  `${name} is no text: byte ${at + 1} is 0. If it is a table in a program's own format, save it as CSV; if it is one of the ` +
  "formats that can be read, name it by --format.";

async function* checkedUTF8(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  let [offset, line] = [0, 1];
  for await (const chunk of chunks) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      bytes = bytes.subarray(3);
      offset = 3;
    }
    const end = bytes.length - unfinished(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw new Failure(describeInvalid(whole, offset, line, name));
    const zero = whole.indexOf(0);
    if (zero >= 0) throw new Failure(describeBinary(name, offset + zero));
    rest = bytes.subarray(end);
    offset += whole.length;
    line += countLines(whole);
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) throw new Failure(describeInvalid(rest, offset, line, name));
}

/** How many bytes at the end begin a character that is not whole. A first byte tells the length: 110…, 1110…, 11110…. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** Shows the place read as windows-1252, by far the commonest encoding of Western files that are not UTF-8. */
function describeInvalid(bytes: Uint8Array, offset: number, line: number, name: string): string {
  const before = Buffer.byteLength(new TextDecoder().decode(bytes).split("\ufffd")[0] as string);
  const place = line + countLines(bytes.subarray(0, before));
  const around = new TextDecoder("windows-1252").decode(bytes.subarray(Math.max(0, before - 20), before + 20));
  const excerpt = around.split(/[\r\n]+/).find((text) => /[^ -~]/.test(text)) ?? around;
  return (
    `${name}, line ${place}: byte ${offset + before + 1} is not UTF-8. Read as windows-1252, the text there is ` +
    `${quoted(excerpt.trim())}. If that looks right, use --encoding windows-1252; else name the encoding that the file has.`
  );
}

async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: string, name: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new Failure(
        `${name}: the text after line ${line} is not ${encoding}. Name the encoding that the file has by --encoding.`,
      );
    }
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(decode(chunk));
    line += countLines(bytes);
    if (bytes.length > 0) yield bytes;
  }
  const last = decode();
  if (last !== "") yield Buffer.from(last);
}
