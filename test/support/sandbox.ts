/** A temporary folder in which programs import the repository's packages by name, and how to run them. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Outcome {
  /** The exit status; null when a signal ended the program. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Removed together with what the programs have written there when `using` leaves the scope. */
export function sandbox(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-sandbox-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs a program by Node, packages resolving to their TypeScript sources, and waits for its end. */
export function runNode(args: readonly string[], cwd: string, timeout = 110_000): Promise<Outcome> {
  const environment = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--conditions=@chainrule/source", ...args],
      { cwd, timeout, env: environment, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ status, stdout, stderr });
      },
    );
  });
}

/** Whether a text is as promised; each `…` in the promise stands for anything. White space counts as one blank. */
export function matches(text: string, promise: string): boolean {
  const plain = (part: string) => part.replace(/\s+/g, " ");
  const pattern = plain(promise.trim())
    .split("…")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`, "s").test(plain(text.trim()));
}
