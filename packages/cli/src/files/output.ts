/** Files that are written whole or not at all: beside, and renamed at the end. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import {
  access,
  constants,
  type FileHandle,
  link,
  lstat,
  open,
  realpath,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure, messageOf } from "../failure.ts";
import { forgetTemporary, removeAtEnd } from "./temporary.ts";

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly force?: boolean;
}

/** A file that is there under its name only after `commit`. */
export interface OutputFile {
  /** The path as it was given, or "standard output". */
  readonly name: string;
  /** @throws Failure where there is no space left; the file is then aborted */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Gives the file its name, once all of it is on the disk. */
  commit(): Promise<void>;
  /** Leaves everything as it was before; without effect after `commit`. */
  abort(): Promise<void>;
}

/**
 * Begins a file. What can be wrong with its place is found out now, before there is any work to lose. The temporary file is
 * removed too when the process ends, by itself or by SIGINT or SIGTERM.
 *
 * @param path "-" for standard output; a device or a pipe is written directly
 * @throws Failure for a file that is there already without `force`, and for a folder that is missing or closed to writing
 */
export async function openOutput(path: string, { force = false }: WriteOptions = {}): Promise<OutputFile> {
  if (path === "-") return standardOutput();
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new Failure(`${path} is a folder. Name a file in it.`);
  if (there !== undefined && !there.isFile()) return await openDevice(path);
  if (!force) await requireAbsent(path);
  // What a link points to is replaced, not the link.
  const target = there === undefined ? path : await realpath(path);
  const temporary = join(dirname(target), `.chainrule-${randomUUID()}.tmp`);
  const handle = await create(temporary, path);
  try {
    if (there !== undefined) {
      await access(target, constants.W_OK);
      await handle.chmod(there.mode);
    }
  } catch (error) {
    await handle.close();
    await unlink(temporary);
    throw new Failure(describeOpening(path, error));
  }
  return new WholeFile(path, target, temporary, handle, force);
}

/** Writes a file at once. @throws Failure as `openOutput` */
export async function writeFile(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
  const file = await openOutput(path, options);
  await file.write(content);
  await file.commit();
}

class WholeFile implements OutputFile {
  readonly name: string;
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #force: boolean;
  #open = true;

  constructor(name: string, target: string, temporary: string, handle: FileHandle, force: boolean) {
    this.name = name;
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#force = force;
    removeAtEnd(temporary);
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    await this.#orAbort(() => writeAll(this.#handle, chunk));
  }

  async commit(): Promise<void> {
    await this.#orAbort(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await (this.#force ? rename(this.#temporary, this.#target) : this.#nameUnlessThere());
    });
    this.#open = false;
    forgetTemporary(this.#temporary);
  }

  async abort(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close().catch(() => {});
    await unlink(this.#temporary).catch(() => {});
    forgetTemporary(this.#temporary);
  }

  /** Unlike renaming, a second link never replaces a file that came in the meantime; but some file systems have no links. */
  async #nameUnlessThere(): Promise<void> {
    try {
      await link(this.#temporary, this.#target);
      await unlink(this.#temporary);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new Failure(describeThere(this.name));
      await requireAbsent(this.name);
      await rename(this.#temporary, this.#target);
    }
  }

  async #orAbort(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await this.abort();
      throw error instanceof Failure ? error : new Failure(describeWriting(this.name, error));
    }
  }
}

/** A device, such as /dev/null, or a named pipe: nothing to rename, and nothing that could be lost. */
async function openDevice(path: string): Promise<OutputFile> {
  const handle = await open(path, "w").catch((error: unknown) => {
    throw new Failure(describeOpening(path, error));
  });
  const close = (): Promise<void> => handle.close().catch(() => {});
  return {
    name: path,
    write: async (chunk) => {
      try {
        await writeAll(handle, chunk);
      } catch (error) {
        await close();
        throw new Failure(describeWriting(path, error));
      }
    },
    commit: close,
    abort: close,
  };
}

function standardOutput(): OutputFile {
  endQuietlyOnClosedPipe();
  const { stdout } = process;
  return {
    name: "standard output",
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stdout.write(chunk, (error) => {
          // A closed pipe ends the process by its handler.
          if (error === undefined || error === null) resolve();
          else if ((error as NodeJS.ErrnoException).code !== "EPIPE")
            reject(new Failure(describeWriting("standard output", error)));
        });
      }),
    commit: async () => {},
    abort: async () => {},
  };
}

let isWatched = false;

/** Ends the process with status 0 when nobody reads standard output any more, as in `chainrule … | head`. */
export function endQuietlyOnClosedPipe(): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
}

async function writeAll(handle: FileHandle, chunk: string | Uint8Array): Promise<void> {
  const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

async function create(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, "wx");
  } catch (error) {
    throw new Failure(describeOpening(path, error));
  }
}

async function requireAbsent(path: string): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENAMETOOLONG") throw new Failure(describeOpening(path, error));
    return undefined;
  });
  if (there !== undefined) throw new Failure(describeThere(path));
}

const describeThere = (path: string): string => `${path} exists already. Name another file, or replace it by --force.`;

function describeOpening(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const folder = dirname(path);
  switch (code) {
    case "ENAMETOOLONG":
      return `cannot write ${path}: its name is too long. Choose a shorter one.`;
    case "ENOENT":
      // The system's own folders, such as /proc, say so too.
      if (existsSync(folder)) return `cannot write ${path}: the folder ${folder} takes no files. Name another one.`;
      return `cannot write ${path}: there is no folder ${folder}. Create it (mkdir -p ${folder}), or name another one.`;
    case "ENOTDIR":
      return `cannot write ${path}: ${folder} is no folder. Name another one.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `cannot write ${path}: you may not write ${code === "EROFS" ? "to this disk" : "there"}. Name a file in another folder.`;
    case "ENOSPC":
    case "EDQUOT":
      return describeWriting(path, error);
    default:
      return `cannot write ${path}: ${messageOf(error)}.`;
  }
}

function describeWriting(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return `cannot write ${path}: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.`;
  return `cannot write ${path}: ${messageOf(error)}. Nothing was changed.`;
}
