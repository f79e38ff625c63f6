/** The library as users get it: installed from the packed archive, in Node, through bundlers and under TypeScript. */
import { execFile } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { describe, expect, inject, it } from "vitest";
import { expectXor } from "./expect-xor.ts";

const installed = inject("installed");
const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));
const run = promisify(execFile);

/** Copies fixtures into a folder of the user's project. */
function place(name: string, ...files: string[]): string {
  const folder = join(installed, name);
  mkdirSync(folder, { recursive: true });
  for (const file of files)
    copyFileSync(fileURLToPath(new URL(`fixtures/${file}`, import.meta.url)), join(folder, file));
  return folder;
}

/** A page as a bundler makes it, without the parts that it fetches later. */
async function bundled(code: string): Promise<string> {
  const folder = place("shaken");
  writeFileSync(join(folder, "page.js"), code);
  const lib = { entry: "page.js", formats: ["es" as const], fileName: "bundle" };
  await build({ root: folder, configFile: false, logLevel: "warn", build: { outDir: "out", lib } });
  return readFileSync(join(folder, "out/bundle.js"), "utf8");
}

async function node(file: string): Promise<string> {
  const { stdout } = await run(process.execPath, [file], { cwd: installed, env: { PATH: process.env.PATH } });
  return stdout;
}

describe("the packed library", () => {
  it("holds what package.json names and has no dependencies", () => {
    const manifest = JSON.parse(readFileSync(join(installed, "node_modules/chainrule/package.json"), "utf8"));
    const lock = JSON.parse(readFileSync(join(installed, "package-lock.json"), "utf8"));
    expect(Object.keys(lock.packages)).toEqual(["", "node_modules/chainrule"]);
    for (const target of Object.values<string | Record<string, string>>(manifest.exports)) {
      for (const file of typeof target === "string" ? [target] : Object.values(target)) {
        expect(readFileSync(join(installed, "node_modules/chainrule", file), "utf8")).not.toBe("");
      }
    }
    for (const file of ["README.md", "LICENSE"]) {
      expect(readFileSync(join(installed, "node_modules/chainrule", file), "utf8")).not.toBe("");
    }
  });

  it("keeps the documentation of what it exports in its declarations", () => {
    const declarations = (file: string) => readFileSync(join(installed, "node_modules/chainrule/dist", file), "utf8");
    expect(declarations("tensor/create.d.ts")).toMatch(/\*\/\s*export declare function tensor\(/);
    // A method that an operation's file adds to the class.
    expect(declarations("ops/add.d.ts")).toMatch(/\*\/\s*add\(/);
  });

  it("trains in Node", async () => {
    const folder = place("node", "xor.js", "main.js");
    expectXor(JSON.parse(await node(join(folder, "main.js"))));
  });

  it("names the user's line in errors", async () => {
    const file = join(place("errors"), "main.js");
    writeFileSync(
      file,
      `import { tensor } from "chainrule";
try {
  tensor([1, 2]).add(tensor([1, 2, 3]));
} catch (error) {
  console.log(error.message);
}`,
    );
    expect(await node(file)).toMatch(/do not broadcast[\s\S]*\n {2}at: .*errors[/\\]main\.js:3:18\n/);
  });

  it("joins its modules into few files, without what only the tests and the documentation of operations use", () => {
    const dist = join(installed, "node_modules/chainrule/dist");
    const files = globSync("**/*.js", { cwd: dist }).map((file) => readFileSync(join(dist, file), "utf8"));
    const sources = globSync("**/*.ts", { cwd: join(installed, "node_modules/chainrule/src") });
    expect(files.length).toBeLessThan(sources.length / 5);
    const operations = files.filter((text) => text.includes('name: "matmul"'));
    expect(operations).toHaveLength(1);
    expect(/.*\b(samples|doc|onnx|signOfZero)[:(].*/.exec(operations[0] as string)?.[0]).toBeUndefined();
  });

  it("lets bundlers leave out control flow, threads, wide vectors and printed code where a page uses none", async () => {
    const page = 'import { compile } from "chainrule"; globalThis.double = compile((x) => x.add(x));';
    const parts = { whileLoop: /name: "whileLoop"/, setThreads: /postMessage/, enableWideSimd: /revectorize/ };
    const plain = await bundled(page);
    expect(plain.includes('name: "matmul"')).toBe(true);
    expect(plain.includes("(module")).toBe(false);
    for (const [name, mark] of Object.entries(parts)) {
      expect([name, mark.test(plain)]).toEqual([name, false]);
      expect([name, mark.test(await bundled(`${page} export { ${name} } from "chainrule";`))]).toEqual([name, true]);
    }
  });

  it("lets them leave out what tables need, which loadModel fetches for the files that ask for it", async () => {
    for (const [name, from, holds] of [
      ["fit", "train", false],
      ["loadModel", "io", false],
      ["TableModel", "table", true],
    ]) {
      const page = await bundled(`import { ${name} } from "chainrule/${from}"; globalThis.page = ${name};`);
      expect([name, page.includes("TableEncoder.fromJSON")]).toEqual([name, holds]);
    }
  });

  it("trains after Vite has bundled it into one minified file", async () => {
    const folder = place("vite", "xor.js", "main.js");
    await build({
      root: folder,
      configFile: false,
      logLevel: "warn",
      build: {
        target: "es2023",
        outDir: "out",
        lib: { entry: "main.js", formats: ["es"], fileName: "bundle" },
        minify: true,
      },
    });
    const bundle = join(folder, "out/bundle.js");
    expect(readFileSync(bundle, "utf8")).not.toMatch(/from\s*["']chainrule/);
    expectXor(JSON.parse(await node(bundle)));
  });
});

describe("the declarations", () => {
  const compilers = [
    ["TypeScript 7", "typescript"],
    ["TypeScript 5.9", "typescript-5.9"],
  ] as const;
  for (const [title, compiler] of compilers) {
    for (const [module, moduleResolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ] as const) {
      it(`satisfy ${title} with moduleResolution ${moduleResolution} and nothing skipped`, async () => {
        const folder = place(`types-${compiler}-${moduleResolution}`, "consumer.ts");
        const config = {
          compilerOptions: {
            module,
            moduleResolution,
            target: "es2022",
            lib: ["es2022", "dom"],
            types: [],
            strict: true,
            skipLibCheck: false,
            noEmit: true,
          },
          files: ["consumer.ts"],
        };
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
        const tsc = join(modules, compiler, "bin/tsc");
        const { stdout } = await run(process.execPath, [tsc, "-p", folder]).catch(
          (error) => error as { stdout: string },
        );
        expect(stdout).toBe("");
      });
    }
  }
});
