/** The bytes of a file or of standard input, unpacked if they are gzip. */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure, messageOf } from "../failure.ts";

const CHUNK = 1 << 16;

/** Bytes that can be looked at before they are read, once. */
export interface Source {
  /** The path as it was given, or "standard input". */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  readonly gzip: boolean;
  /** The size of the file as it is on the disk, where it is known. */
  readonly size: number | undefined;
  /** The first bytes: as many as asked for, or all that there are. */
  peek(length: number): Promise<Uint8Array>;
  chunks(): AsyncIterable<Uint8Array>;
  /** All bytes at once. */
  whole(): Promise<Uint8Array>;
  /** Any part of the file; undefined where it can only be read from front to back. */
  readonly slice: ((start: number, end: number) => Promise<ArrayBuffer>) | undefined;
  /** SHA-256 of the file as it is on the disk, in hexadecimal digits. Reads what was not read. */
  fingerprint(): Promise<string>;
  close(): Promise<void>;
}

/** @param path "-" for standard input. @throws Failure for a file that cannot be opened */
export async function openSource(path: string): Promise<Source> {
  if (path === "-") {
    const input = process.stdin;
    return createSource("standard input", undefined, input, undefined, async () => {
      input.destroy();
    });
  }
  const handle = await openFile(path);
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw new Failure(`${path} is a folder. Name a file in it.`);
  }
  const file = stat.isFile() ? { size: stat.size, handle } : undefined;
  return createSource(path, path, readChunks(handle, path), file, () => handle.close());
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new Failure(describeOpening(path, error));
  }
}

function describeOpening(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR")
    return `there is no file ${path} (the working folder is ${process.cwd()}). Check the spelling of its path.`;
  if (code === "EACCES" || code === "EPERM") return `you may not read ${path}. Ask its owner, or name another file.`;
  return `cannot read ${path}: ${messageOf(error)}.`;
}

async function* readChunks(handle: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    let length: number;
    try {
      // Without a position it reads on from where it was, which a pipe can do too.
      length = (await handle.read(buffer, 0, CHUNK, null)).bytesRead;
    } catch (error) {
      throw new Failure(`cannot read ${path}: ${messageOf(error)}.`);
    }
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}

async function createSource(
  name: string,
  path: string | undefined,
  input: AsyncIterable<Uint8Array>,
  file: { readonly size: number; readonly handle: FileHandle } | undefined,
  close: () => Promise<void>,
): Promise<Source> {
  const hash = createHash("sha256");
  const packed = new Lookahead(hashed(input, hash));
  try {
    const start = await packed.peek(2);
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    const bytes = gzip ? new Lookahead(unpacked(packed, name)) : packed;
    return {
      name,
      path,
      gzip,
      size: file?.size,
      peek: (length) => bytes.peek(length),
      chunks: () => bytes,
      whole: () => concat(bytes),
      slice: gzip || file === undefined ? undefined : (from, to) => readSlice(file.handle, from, to),
      fingerprint: async () => {
        for await (const _ of packed);
        return hash.digest("hex");
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* unpacked(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  // The callback only takes the error away from the event loop: iterating throws it too.
  const unzip = pipeline(Readable.from(chunks), createGunzip(), () => {});
  try {
    for await (const chunk of unzip) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `${name} is packed by gzip and cannot be unpacked: ${messageOf(error)}. It is damaged or was cut off; get it again.`,
    );
  }
}

async function concat(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const buffer = new Uint8Array(end - start);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.buffer.slice(0, length);
}

/** Chunks whose first bytes can be seen before they are read. */
class Lookahead implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #seen: Uint8Array = new Uint8Array(0);
  #done = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async peek(length: number): Promise<Uint8Array> {
    const parts = [this.#seen];
    let size = this.#seen.length;
    while (size < length && !this.#done) {
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#done = true;
      else {
        parts.push(value);
        size += value.length;
      }
    }
    if (parts.length > 1) this.#seen = Buffer.concat(parts);
    return this.#seen.subarray(0, length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const seen = this.#seen;
    this.#seen = new Uint8Array(0);
    if (seen.length > 0) yield seen;
    while (!this.#done) {
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#done = true;
      else yield value;
    }
  }
}
