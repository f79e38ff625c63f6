/** Builds the site once for all tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder that the site was built into. */
    site: string;
  }
}

const configFile = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "studio-site-"));
  // The environment of the tests must not be that of the build.
  await build({ configFile, mode: "production", logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  project.provide("site", folder);
  return () => rmSync(folder, { recursive: true });
}
