/** Builds, packs and installs the library into an empty project, as a user's `npm install chainrule` would. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder whose node_modules holds the packed library and nothing else. */
    installed: string;
  }
}

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-installed-"));
  // `npm pack` builds first: see "prepack".
  const packed = npm(packageFolder, ["pack", "--json", "--pack-destination", folder]);
  const { filename } = JSON.parse(packed.slice(packed.indexOf("["))).at(0);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  npm(folder, ["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)]);
  project.provide("installed", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

function npm(cwd: string, args: string[]): string {
  // npm hands its settings to scripts in the environment; this npm is to start from the folder's own.
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_local_prefix|package|lifecycle)/.test(name),
  );
  const { status, stdout, stderr } = spawnSync("npm", [...args, "--loglevel=error"], {
    cwd,
    env: Object.fromEntries(entries),
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}\n${stderr}`);
  return stdout;
}
