/** New projects: made whole or not at all, typed strictly, and what they train is a model. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTableModel } from "chainrule/io";
import { afterAll, describe, expect, test } from "vitest";
import { chainrule, type Finished } from "../support/command.ts";
import { example } from "../support/models.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-init-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (...names: string[]): string => join(folder, ...names);
const init = (...args: string[]): Promise<Finished> => chainrule(["init", ...args], { cwd: folder });

const packageOf = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** What `npm install` would do, from the workspace. */
function install(project: string): void {
  mkdirSync(path(project, "node_modules", "@types"), { recursive: true });
  symlinkSync(packageOf("chainrule"), path(project, "node_modules", "chainrule"));
  symlinkSync(packageOf("@types/node"), path(project, "node_modules", "@types", "node"));
}

function node(project: string, ...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@chainrule/source", ...args], {
    cwd: path(project),
    encoding: "utf8",
  });
  expect([status, stderr.includes("    at ")]).toEqual([0, false]);
  return { stdout, stderr };
}

/** The library in the workspace is its sources, which need more of TypeScript's own libraries than its declarations. */
const check = (project: string): string =>
  node(
    project,
    join(packageOf("typescript"), "bin/tsc"),
    "--customConditions",
    "@chainrule/source",
    "--lib",
    "es2024,dom",
  ).stdout;

const lines = (text: string): string[] => text.trimEnd().split("\n");

describe("a project", () => {
  test("on the example: type-checked, trained, and it predicts", async () => {
    const { status, stdout, stderr } = await init("my-project");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      'my-project: a project that learns to predict "species". Next:\n\n' +
        "  cd my-project\n  npm install\n  npm run train\n  npm run predict\n\n",
    );
    expect((readdirSync(path("my-project"), { recursive: true }) as string[]).sort()).toEqual([
      ...[".gitignore", "README.md", "data", "data/iris.csv", "package.json", "src"],
      ...["src/data.ts", "src/predict.ts", "src/train.ts", "tsconfig.json"],
    ]);
    expect(readdirSync(folder)).toEqual(["my-project"]);
    install("my-project");
    expect(check("my-project")).toBe("");
    const trained = lines(node("my-project", "src/train.ts").stdout);
    expect(trained[0]).toBe("sepal_length: number (feature), all values are numbers");
    expect(trained.at(-2)).toMatch(/^After \d+ epochs, on 30 test rows:$/);
    // Always saying one species would be right for 33.3 %.
    expect(Number(/^([\d.]+) % right$/.exec(trained.at(-1) as string)?.[1])).toBeGreaterThan(85);
    const predicted = lines(node("my-project", "src/predict.ts").stdout);
    expect(predicted).toHaveLength(150);
    const { probabilities } = await (await loadTableModel(path("my-project", "model.safetensors"))).predict([
      { sepal_length: "5.1", sepal_width: "3.5", petal_length: "1.4", petal_width: "0.2" },
    ]);
    const [p = new Float64Array(0)] = probabilities ?? [];
    expect(JSON.parse(predicted[0] as string)).toEqual({ predicted: "setosa", probability: Math.max(...p) });
  });

  test("on a file of any format, of numbers, with odd names", async () => {
    const target = 'price "net" `x` \\ (CHF)';
    const rows = Array.from({ length: 60 }, (_, i) => ({
      Länge: i,
      shape: i % 3 === 0 ? "a;b" : null,
      [target]: i % 7 === 6 ? null : i * 1.5,
    }));
    writeFileSync(path("offers 1.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    const { status, stderr } = await init("Offers & Co", "--data", "offers 1.jsonl", "--target", target, "--quiet");
    expect([status, stderr]).toEqual([0, ""]);
    const text = (...names: string[]): string => readFileSync(path("Offers & Co", ...names), "utf8");
    expect(lines(text("data", "offers-1.csv")).slice(0, 3)).toEqual([
      'Länge,shape,"price ""net"" `x` \\ (CHF)"',
      "0,a;b,0",
      "1,,1.5",
    ]);
    expect(JSON.parse(text("package.json"))).toMatchObject({ name: "offers-co", type: "module" });
    expect(text("README.md")).toContain("[data/offers-1.csv](data/offers-1.csv), 60 rows");
    install("Offers & Co");
    expect(check("Offers & Co")).toBe("");
    const trained = lines(node("Offers & Co", "src/train.ts").stdout);
    // 52 of the 60 rows have a price.
    expect(trained.at(-2)).toMatch(/^After \d+ epochs, on 10 test rows:$/);
    expect(trained.at(-1)).toMatch(/^R² 0\.9\d+, root mean squared error [\d.]+$/);
    writeFileSync(path("Offers & Co", "new.csv"), "shape,Länge\na;b,30\nnever,x\n");
    const { stdout, stderr: notes } = node("Offers & Co", "src/predict.ts", "new.csv");
    expect(Math.abs((JSON.parse(lines(stdout)[0] as string) as { predicted: number }).predicted - 45)).toBeLessThan(10);
    expect(notes).toBe('Länge: 1 cells are unreadable, such as "x".\nshape: 1 cells are unseen, such as "never".\n');
  });

  test("of two classes, one of them too rare for parts of equal shares", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i > 37 ? "yes" : "no"}`);
    writeFileSync(path("rare.csv"), `x,late\n${rows.join("\n")}\n`);
    mkdirSync(path("rare"));
    expect((await init("rare", "--data", "rare.csv", "--target", "late")).status).toBe(0);
    install("rare");
    expect(readFileSync(path("rare", "src", "train.ts"), "utf8")).toContain("{ fractions: [0.6, 0.2, 0.2] }");
    expect(node("rare", "src/train.ts").stdout).toContain("on 8 test rows:");
    writeFileSync(path("rare", "data", "rare.csv"), "x,late\n1,no\n2\n");
    const broken = spawnSync(process.execPath, ["--conditions=@chainrule/source", "src/train.ts"], {
      cwd: path("rare"),
    });
    expect(String(broken.stderr)).toMatch(/rare\.csv: row 2 has 1 cells, and there are 2 columns\./);
  });

  test("depends on the library of this version, and holds the example that the repository has", () => {
    const manifest = JSON.parse(readFileSync(path("my-project", "package.json"), "utf8")) as {
      dependencies: { chainrule: string };
    };
    const { version } = JSON.parse(readFileSync(join(packageOf("chainrule"), "package.json"), "utf8")) as {
      version: string;
    };
    expect(manifest.dependencies).toEqual({ chainrule: `^${version}` });
    const iris = readFileSync(example("iris.csv"), "utf8");
    expect(readFileSync(path("my-project", "data", "iris.csv"), "utf8")).toBe(iris);
    const held = new URL("../../src/commands/init/template/data/iris.csv", import.meta.url);
    expect(readFileSync(fileURLToPath(held), "utf8")).toBe(iris);
  });
});

describe("mistakes leave nothing behind", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = await init(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(readdirSync(folder)).toEqual(before);
    return stderr;
  };

  test("a folder that is not empty, or a file", async () => {
    mkdirSync(path("full"));
    writeFileSync(path("full", "notes.txt"), "mine");
    expect(await mistake("full")).toBe(
      "error: full is not empty: it has notes.txt. Name a folder that is not there yet.\n",
    );
    expect(await mistake("full/notes.txt")).toBe(
      "error: full/notes.txt is a file. Name a folder that is not there yet.\n",
    );
    expect(readFileSync(path("full", "notes.txt"), "utf8")).toBe("mine");
  });

  test("a folder in one that is not there, or where nothing can be written", async () => {
    expect(await mistake("no/where")).toBe("error: cannot make no/where: there is no folder no. Make it first.\n");
    expect(await mistake("full/notes.txt/x")).toBe(
      "error: cannot make full/notes.txt/x: full/notes.txt is a file. Name another place.\n",
    );
    // Where Linux lets nobody make a folder.
    if (process.platform === "linux")
      expect(await mistake("/sys/x")).toBe(
        "error: cannot make /sys/x: nothing can be written in /sys. Name another place.\n",
      );
  });

  test("data without a target, and the other way round", async () => {
    expect(await mistake("new", "--target", "y")).toBe(
      "error: --target names a column of your data: give its file too, by --data.\n",
    );
    expect(await mistake("new", "--data", "rare.csv")).toBe(
      "error: --data needs the name of the column to predict, as in --target price. `chainrule inspect rare.csv` lists the columns.\n",
    );
  });

  test("data that cannot be learned from", async () => {
    writeFileSync(path("few.csv"), "a,b\n1,2.5\n2,3.5\n3,4.5\n4,\n5,5.5\n");
    expect(await mistake("new", "--data", "few.csv", "--target", "b")).toBe(
      "error: few.csv has 4 rows with a target, too few to hold some back for a test. Give more rows.\n",
    );
    expect(await mistake("new", "--data", "few.csv", "--target", "c")).toContain(
      'error: --target: there is no column "c"',
    );
    expect(await mistake("new", "--data", "none.csv", "--target", "c")).toContain("none.csv");
  });
});
