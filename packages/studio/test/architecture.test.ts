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

/** The page's folders, top to bottom: each imports from those in lines below its own, and within itself. */
const LAYERS = [
  ["main.tsx"],
  ["app"],
  ["ideas"],
  ["playground", "space", "flow", "race", "model"],
  ["panels"],
  ["store"],
  ["ui"],
  ["draw"],
  ["engine"],
  ["data"],
  ["state"],
];
const folderOf = (path: string): string => path.split("/")[1] ?? "";
const layerOf = (path: string): number => LAYERS.findIndex((layer) => layer.includes(folderOf(path)));

it("imports point downwards", () => {
  const wrong = inSource.flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => from.startsWith("."))
      .map(({ from }) => normalize(join(dirname(path), from)).replaceAll("\\", "/"))
      .filter((target) => folderOf(target) !== folderOf(path) && layerOf(target) <= layerOf(path))
      .filter((target) => !target.startsWith("src/style/"))
      .map((target) => `${path} → ${target}`),
  );
  expect(wrong).toEqual([]);
  expect(inSource.filter(({ path }) => layerOf(path) < 0 && !path.startsWith("src/style/"))).toEqual([]);
});

it("uses the library where the worker is, and only its public entry points", () => {
  const users = inSource.filter(({ imports }) =>
    imports.some(({ from, typeOnly }) => !typeOnly && /^chainrule\b/.test(from)),
  );
  expect([...new Set(users.map(({ path }) => folderOf(path)))].sort()).toEqual(["data", "engine"]);
  // What the page imports of those two folders brings no library with it.
  for (const { path, imports } of inSource.filter(({ path }) => layerOf(path) < LAYERS.length - 3)) {
    const into = imports.filter(({ from, typeOnly }) => !typeOnly && /\/(engine|data)\//.test(from));
    expect(
      into.filter(({ from }) => !/\/(engine\/index|data\/shapes)\.ts$/.test(from)),
      path,
    ).toEqual([]);
  }
  expect(inSource.filter(({ text }) => text.includes("chainrule/src"))).toEqual([]);
});

it("styles a class in one file", () => {
  const files = new Map<string, Set<string>>();
  for (const { path, text } of sources.filter(({ path }) => path.startsWith("src/style/"))) {
    // What a selector begins with; behind another class it concerns that one's inside.
    for (const [, name] of text.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/(?<=^|[},]\s*)\.([\w-]+)(?=[\s,{:.[])/g)) {
      files.set(name as string, (files.get(name as string) ?? new Set()).add(path));
    }
  }
  const twice = [...files].filter(([, found]) => found.size > 1).map(([name, found]) => `.${name}: ${[...found]}`);
  expect(files.size).toBeGreaterThan(100);
  expect(twice).toEqual([]);
});

it("has files of at most 400 lines", () => {
  expect(sources.filter(({ text }) => text.trimEnd().split("\n").length > 400).map(({ path }) => path)).toEqual([]);
});
