/** Reading bytes from wherever they are, and writing files so that they are never half-written. */
import { nodeModule } from "../tensor/host.ts";
import { describeValue } from "../tensor/options.ts";

/** A path (in Node), a URL, or the bytes themselves. */
export type Source = string | URL | Uint8Array;

const files = () => nodeModule<typeof import("node:fs/promises")>("fs/promises");

/** What error messages call a source. */
export const nameOf = (source: Source): string =>
  source instanceof Uint8Array ? "the file" : source instanceof URL ? source.href : source;

/**
 * The bytes of a file or of what a URL leads to. In a browser a string is a URL, relative to the page.
 *
 * @throws Error that names what could not be read
 */
export async function readBytes(source: Source): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw new TypeError(`A path, a URL or bytes are needed to read from, not ${describeValue(source)}.`);
  }
  const fs = source instanceof URL && source.protocol !== "file:" ? undefined : files();
  try {
    if (fs) return new Uint8Array(await fs.readFile(source));
    const response = await fetch(source);
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new Error(`${nameOf(source)} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Writes a file as a whole: the bytes go to a temporary file beside it, which then takes its place. If anything fails,
 * what was there stays as it was and the temporary file is removed.
 *
 * @throws Error that names the file, in a browser always
 */
export async function writeBytes(path: string | URL, bytes: Uint8Array): Promise<void> {
  const fs = files();
  const url = nodeModule<typeof import("node:url")>("url");
  if (!fs || !url) {
    throw new Error(
      `${String(path)} cannot be written: there are no files in a browser. Keep the bytes in another way.`,
    );
  }
  const target = path instanceof URL ? url.fileURLToPath(path) : path;
  // In the same folder, for only within one file system a rename is atomic.
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await fs.open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      // Without it, a power failure could leave the new name with old or no contents.
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw new Error(`${target} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
