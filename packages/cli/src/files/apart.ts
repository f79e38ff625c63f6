/** No result is written over the data, or over another result. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../failure.ts";

/**
 * @param files what each is for, and its path if there is one
 * @throws Failure for two that are the same file, however their paths are spelt
 */
export async function requireApart(
  files: readonly (readonly [what: string, path: string | undefined])[],
): Promise<void> {
  const seen = new Map<string, string>();
  for (const [what, path] of files) {
    if (path === undefined || path === "-") continue;
    const there = await stat(path).catch(() => undefined);
    // Devices, such as /dev/null, take anything.
    if (there !== undefined && !there.isFile()) continue;
    const place = await placeOf(path);
    const other = seen.get(place);
    if (other !== undefined)
      throw new Failure(`${what} and ${other} are the same file, ${path}. Give each a name of its own.`);
    seen.set(place, what);
  }
}

/** The file that a path leads to, or would if it were there. */
async function placeOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  return join(folder, basename(path));
}
