/** The shape of the library, as ARCHITECTURE.md gives it: who may import whom, and how large a file may be. */
import { readFileSync } from "node:fs";
import { dirname, join, matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycle, folderOf, importsOf, packageFolder, readSources, withoutComments } from "./sources.ts";

/** Top to bottom; a folder may import those of lower layers and, without going in circles, those of its own. */
const layers = [
  ["diagnose", "train", "selection", "metrics", "data", "table", "io"],
  ["check"],
  ["nn", "loss", "optim"],
  ["transform"],
  ["compile"],
  ["target"],
  ["ops"],
  ["graph"],
  ["loop"],
  ["tensor"],
];
const maximumLines = 400;

const depth = new Map(layers.flatMap((folders, index) => folders.map((folder) => [folder, index])));
const sources = readSources();
const folders = [...new Set(sources.map((source) => folderOf(source.path)))].filter((folder) => folder !== "");

describe("layers", () => {
  it("names every folder of src", () => {
    expect(folders.filter((folder) => !depth.has(folder))).toEqual([]);
  });

  it("lets imports point downwards only", () => {
    const upward: string[] = [];
    for (const { path, imports } of sources) {
      const from = depth.get(folderOf(path));
      if (from === undefined) continue;
      for (const { file } of imports) {
        if (file === undefined) continue;
        const to = depth.get(folderOf(file));
        if (to === undefined || to < from) upward.push(`${path} → ${file}`);
      }
    }
    expect(upward).toEqual([]);
  });

  it("has no circle among folders", () => {
    const edges = new Map(folders.map((folder) => [folder, new Set<string>()]));
    for (const { path, imports } of sources) {
      for (const { file } of imports) {
        if (file !== undefined && folderOf(file) !== folderOf(path)) edges.get(folderOf(path))?.add(folderOf(file));
      }
    }
    expect(findCycle(edges)?.join(" → ")).toBeUndefined();
  });

  it("has no circle among files, but for imports of types", () => {
    const edges = new Map(
      sources.map(({ path, imports }) => {
        const loaded = imports.filter(({ file, typeOnly, dynamic }) => file !== undefined && !typeOnly && !dynamic);
        return [path, loaded.map(({ file }) => file as string)];
      }),
    );
    expect(findCycle(edges)?.join(" → ")).toBeUndefined();
  });

  it("imports only files that exist, by their full name", () => {
    const paths = new Set(sources.map(({ path }) => path));
    const missing = sources.flatMap(({ path, imports }) =>
      imports.filter(({ file }) => file !== undefined && !paths.has(file)).map(({ file }) => `${path} → ${file}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("files", () => {
  it(`have at most ${maximumLines} lines`, () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
    expect(long.filter(({ lines }) => lines > maximumLines)).toEqual([]);
  });

  it("have, in every folder, an index whose header says what lives there", () => {
    const all = new Set(sources.map(({ path }) => dirname(path)).filter((folder) => folder !== "."));
    const silent = [...all].filter((folder) => {
      const index = sources.find(({ path }) => path === `${folder}/index.ts`);
      const header = /^\/\*\*?([\s\S]*?)\*\/|^((?:\/\/.*\n)+)/.exec(index?.text ?? "");
      return (
        (header?.[1] ?? header?.[2] ?? "")
          .replace(/[\s*/]+/g, " ")
          .trim()
          .split(" ").length < 3
      );
    });
    expect(silent).toEqual([]);
  });

  it("depend on nothing but each other; Node's modules are loaded where and when they are used", () => {
    const foreign = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ file, specifier, dynamic }) => file === undefined && !(dynamic && specifier.startsWith("node:")))
        .map(({ specifier }) => `${path} → ${specifier}`),
    );
    expect(foreign).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(manifest.peerDependencies).toBeUndefined();
  });

  it("use neither `any` nor code made from text", () => {
    const forbidden = [/:\s*any\b/, /\bas any\b/, /<any\b/, /\beval\(/, /\bnew Function\b/];
    const offending = sources.flatMap(({ path, text }) =>
      withoutComments(text)
        .split("\n")
        .map((line, index) => ({ where: `${path}:${index + 1}`, line: line.trim() }))
        .filter(({ line }) => forbidden.some((pattern) => pattern.test(line))),
    );
    expect(offending).toEqual([]);
  });
});

describe("package.json", () => {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));

  it('lists in "sideEffects" every file that does something when it is loaded, so that bundlers keep it', () => {
    const listed: string[] = manifest.sideEffects;
    const kept = (file: string) => listed.some((pattern) => matchesGlob(file, pattern.replace(/^\.\//, "")));
    const lost = sources
      .filter(({ text }) => actsWhenLoaded(text))
      .map(({ path }) => `src/${path}`)
      // Files of the built library are joined from many.
      .concat("dist/index.js", "dist/shared/any.js")
      .filter((file) => !kept(file));
    expect(lost).toEqual([]);
  });

  it("exports only folders that exist, each under its own name", () => {
    for (const [name, target] of Object.entries<Record<string, string>>(manifest.exports)) {
      if (name === "./package.json") continue;
      const path = name === "." ? "index" : `${name.slice(2)}/index`;
      expect(target).toEqual({
        "@chainrule/source": `./src/${path}.ts`,
        types: `./dist/${path}.d.ts`,
        default: `./dist/${path}.js`,
      });
      expect(sources.map((source) => source.path)).toContain(`${path}.ts`);
    }
  });
});

/** An import for its effect, or a statement at the top level that assigns or calls. */
function actsWhenLoaded(text: string): boolean {
  return /^(import\s*["']|[\w.[\]()]+ = |[\w.]+\(|for |if )/m.test(withoutComments(text));
}

describe("the reader of imports", () => {
  it("tells values, types, effects and dynamic imports apart", () => {
    const text = [
      'import { a, type B } from "../graph/node.ts";',
      'import type { C } from "./c.ts";',
      "import {\n  type D,\n  type E,\n} from './d.ts';",
      'import "./effect.ts";',
      'export * from "./all.ts";',
      '// import { no } from "./comment.ts";',
      '/** @example import { no } from "./comment.ts"; */',
      'const fs = await import("node:fs");',
    ].join("\n");
    expect(
      importsOf("ops/x.ts", text).map(({ file, specifier, typeOnly, dynamic }) => [
        file ?? specifier,
        typeOnly,
        dynamic,
      ]),
    ).toEqual([
      ["graph/node.ts", false, false],
      ["ops/c.ts", true, false],
      ["ops/d.ts", true, false],
      ["ops/all.ts", false, false],
      ["ops/effect.ts", false, false],
      ["node:fs", false, true],
    ]);
  });

  it("finds circles", () => {
    const edges = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(findCycle(edges)).toEqual(["b", "c", "b"]);
    edges.set("c", []);
    expect(findCycle(edges)).toBeUndefined();
  });

  it("knows a file that acts when it is loaded", () => {
    expect(actsWhenLoaded("Tensor.prototype.add = function () {\n};")).toBe(true);
    expect(actsWhenLoaded('import "./add.ts";')).toBe(true);
    expect(actsWhenLoaded('import { a } from "./a.ts";\nexport const b = () => a();\nfunction f() {\n  g();\n}')).toBe(
      false,
    );
  });
});
