/** The folder tree is the architecture: who may import whom, and how large a file may be. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const sources = globSync("{src,server,test}/**/*.{ts,tsx,css}", { cwd: folder }).map((path) => {
  const text = readFileSync(join(folder, path), "utf8");
  const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gms)].map((found) => ({
    from: found[1] as string,
    typeOnly: /^(import|export) type/.test(found[0]),
  }));
  return { path: path.replaceAll("\\", "/"), text, imports };
});
const inSource = sources.filter(({ path }) => path.startsWith("src/"));

/** The page's parts, top to bottom: each imports from those below it, and within its own folder. */
const LAYERS = ["main.tsx", "playground", "ui", "draw", "engine", "data", "state"];
const layerOf = (path: string): number => LAYERS.indexOf(path.split("/")[1] ?? "");

it("imports point downwards", () => {
  const upward = inSource.flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => from.startsWith("."))
      .map(({ from }) => normalize(join(dirname(path), from)).replaceAll("\\", "/"))
      .filter((target) => layerOf(target) < layerOf(path))
      .map((target) => `${path} → ${target}`),
  );
  expect(upward).toEqual([]);
  expect(inSource.filter(({ path }) => layerOf(path) < 0 && !path.startsWith("src/style/"))).toEqual([]);
});

it("uses the library where the worker is, and only its public entry points", () => {
  const users = inSource.filter(({ imports }) => imports.some(({ from }) => /^chainrule\b/.test(from)));
  expect(users.map(({ path }) => path).sort()).toEqual([
    "src/data/examples.ts",
    "src/data/features.ts",
    "src/data/sets.ts",
    "src/engine/network.ts",
    "src/engine/trainer.ts",
  ]);
  expect(inSource.filter(({ text }) => text.includes("chainrule/src"))).toEqual([]);
});

it("has files of at most 400 lines", () => {
  expect(sources.filter(({ text }) => text.trimEnd().split("\n").length > 400).map(({ path }) => path)).toEqual([]);
});
