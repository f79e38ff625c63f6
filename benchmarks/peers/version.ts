/** Versions of installed packages. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The version of the package `name`, found above its main file: not every package shows its package.json. */
export function versionOf(name: string): string {
  for (let folder = dirname(require.resolve(name)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const file = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (file.name === name && file.version !== undefined) return file.version;
    } catch {
      // Not in this folder.
    }
  }
  return "unknown";
}
