/** The library as it is published: some rows measure that, whatever the others do. */
import { execFile } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { NoFigure } from "../process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = join(root, "packages/chainrule");

/** Builds packages/chainrule unless what is built is newer than its sources. @throws NoFigure if that fails */
export async function ensureBuilt(): Promise<void> {
  const built = join(library, "dist/index.js");
  const sources = globSync("src/**/*.ts", { cwd: library }).map((file) => statSync(join(library, file)).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...sources)) return;
  try {
    await promisify(execFile)("npm", ["run", "build", "--workspace", "packages/chainrule"], {
      cwd: root,
      shell: process.platform === "win32",
    });
  } catch (error) {
    const { stdout = "", message } = error as Error & { stdout?: string };
    throw new NoFigure(`the build failed: ${stdout.trim().split("\n").at(-1) ?? message}`);
  }
}
