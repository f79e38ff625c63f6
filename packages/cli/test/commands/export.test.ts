/** Exported code and documents give the model's numbers, and need nothing else. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { tensor } from "chainrule";
import { loadModel, saveModel } from "chainrule/io";
import { dense, flatten, initialize, Module, register, relu, sequential } from "chainrule/nn";
import type { Cell, Row, Table, TableModel } from "chainrule/table";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chainrule } from "../support/command.ts";
import { exampleTable, hostileTable, modelOf, ODD } from "../support/models.ts";
import { predictionsOf } from "./export-document.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

/** The exported modules, and nothing else. */
const alone = path("alone");

interface Exported {
  predict(row: Row): { class?: string; probabilities?: Record<string, number>; value?: number };
  features(row: Row): Float32Array;
}

const TARGETS = {
  iris: "species",
  wine: "cultivar",
  digits: "digit",
  kind: "kind",
  grade: "grade",
  price: ODD.price,
} as const;
type Name = keyof typeof TARGETS;
const NAMES = Object.keys(TARGETS) as Name[];
const tableOf = (name: Name): Table =>
  name === "iris" || name === "wine" || name === "digits" ? exampleTable(`${name}.csv`) : hostileTable(name);

const models = new Map<Name, TableModel>();
const tables = new Map<Name, Table>();
const model = (name: Name): TableModel => models.get(name) as TableModel;
const rowsOf = (name: Name): Row[] => {
  const table = tables.get(name) as Table;
  return Array.from({ length: table.length }, (_, i) => table.row(i));
};
const exported = async (name: Name): Promise<Exported> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(alone, `${name}.ts`)).href)) as Exported;

beforeAll(async () => {
  mkdirSync(alone);
  for (const name of NAMES) {
    tables.set(name, tableOf(name));
    models.set(name, modelOf(tables.get(name) as Table, TARGETS[name]));
    await saveModel(model(name), path(`${name}.safetensors`), { record: { seed: 4 } });
    const { status, stdout, stderr } = await chainrule([
      ...["export", path(`${name}.safetensors`), "--to", "typescript", "--out", join(alone, `${name}.ts`)],
    ]);
    expect([status, stdout, stderr]).toEqual([
      0,
      `${join(alone, `${name}.ts`)}: a module with predict(row), which imports nothing.\n`,
      "",
    ]);
  }
});

/** Equal classes, probabilities within 1e-6, features to the last bit. */
async function expectSame(name: Name, rows: readonly Row[]): Promise<void> {
  const { predict, features } = await exported(name);
  const { input, target } = model(name);
  const { classes, probabilities, values, outputs } = await model(name).predict(rows);
  const [x, width] = [input.encode(await tableOfRows(name, rows)).x.dataSync(), input.features.length];
  rows.forEach((row, i) => {
    expect(features(row)).toEqual(x.slice(i * width, (i + 1) * width));
    const prediction = predict(row);
    if (values !== undefined) {
      expect(Math.abs((prediction.value as number) - (values[i] as number))).toBeLessThan(1e-6 * target.deviation);
      return;
    }
    const found = (target.classes as readonly string[]).map((label) => prediction.probabilities?.[label] as number);
    found.forEach((p, k) => {
      expect(Math.abs(p - (probabilities?.[i]?.[k] as number))).toBeLessThan(1e-6);
    });
    const [most, next] = found.toSorted((a, b) => b - a) as [number, number];
    // Where two are alike in the last digits, either may be first.
    if (most - next > 1e-5) expect(prediction.class).toBe(classes?.[i]);
    expect(outputs.shape[0]).toBe(rows.length);
  });
}

async function tableOfRows(name: Name, rows: readonly Row[]): Promise<Table> {
  const { Table } = await import("chainrule/table");
  return Table.fromRows(
    rows,
    model(name).input.columns.map((column) => column.name),
  );
}

describe("typescript", () => {
  test.each(NAMES)("%s: the model's predictions for all rows, and its features to the last bit", async (name) => {
    await expectSame(name, rowsOf(name));
  });

  const words = fc.constantFrom<Cell>(
    null,
    "",
    " NA ",
    "?",
    "None",
    "none",
    "nan",
    Number.NaN,
    true,
    false,
    "T",
    "off",
  );
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -20, max: 20, noNaN: true }).map((x) => ` ${x}`),
    fc.constantFrom("1e5", "+.5", "0x10", "1,5", -0, "1e400", "∞", Number.NEGATIVE_INFINITY),
  );
  const dates = fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((day) => day.toISOString()),
    fc.constantFrom("2023-02-29", "2024-02-29T12:30:15+02:00", "29.02.2024", "0099-01-01"),
  );
  const categories = fc.constantFrom(
    "rot",
    "blau",
    " blau ",
    "grün",
    "\u{1f9e0}",
    'sch"warz',
    "03012",
    "8001",
    "mauve",
    8001,
  );
  const any: fc.Arbitrary<Cell> = fc.oneof(words, numbers, dates, categories, fc.string({ unit: "binary" }));
  const rows = fc
    .tuple(fc.oneof(numbers, any), fc.oneof(words, any), fc.oneof(dates, any), any, fc.oneof(categories, any))
    .map(
      ([length, paid, day, zip, colour]): Row =>
        Object.fromEntries([
          [ODD.length, length],
          [ODD.paid, paid],
          [ODD.day, day],
          [ODD.zip, zip],
          [ODD.colour, colour],
        ]),
    );

  test.each(["kind", "grade", "price"] as const)(
    "%s: any cells at all; an infinite number is refused by both",
    async (name) => {
      const { predict } = await exported(name);
      await fc.assert(
        fc.asyncProperty(rows, async (row) => {
          const refused = await model(name)
            .predict([row])
            .then(
              () => false,
              (error: Error) => error.name === "CellError",
            );
          if (!refused) return expectSame(name, [row]);
          expect(() => predict(row)).toThrow(`predict: ${JSON.stringify(ODD.length)} is infinite.`);
        }),
        { numRuns: 200 },
      );
    },
  );

  test("Node runs it alone, in a folder with nothing else", () => {
    const rows = rowsOf("iris");
    writeFileSync(path("rows.json"), JSON.stringify(rows));
    const code = `import { readFileSync } from "node:fs";
      import { predict } from "./iris.ts";
      const rows = JSON.parse(readFileSync(${JSON.stringify(path("rows.json"))}, "utf8"));
      console.log(JSON.stringify(rows.map((row) => predict(row).class)));`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: alone,
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "" },
    });
    expect([status, stderr.replace(/.*ExperimentalWarning[\s\S]*/, "")]).toEqual([0, ""]);
    expect(new Set(JSON.parse(stdout))).not.toContain(undefined);
    expect(JSON.parse(stdout)).toHaveLength(150);
    for (const name of NAMES)
      expect(readFileSync(join(alone, `${name}.ts`), "utf8")).not.toMatch(/^\s*(import|require)\b/m);
  });

  test("compiles under the strictest settings, and types rows and classes", () => {
    const check = `import { predict, type Class } from "./iris.ts";
import { predict as grade } from "./grade.ts";
import { predict as price } from "./price.ts";
const row = { sepal_length: 5.1, sepal_width: "3.5", petal_length: null, petal_width: undefined };
const found: "setosa" | "versicolor" | "virginica" = predict(row).class;
const p: number = predict(row).probabilities.virginica;
// @ts-expect-error There is no such class.
const unknown: Class = "tulip";
// @ts-expect-error A column is missing.
predict({ sepal_length: 5.1 });
const value: number = price({} as never).value;
export { found, p, unknown, value, grade };
`;
    const checks = path("check");
    mkdirSync(checks);
    for (const name of NAMES) writeFileSync(join(checks, `${name}.ts`), readFileSync(join(alone, `${name}.ts`)));
    writeFileSync(join(checks, "check.ts"), check);
    const options = {
      ...{ strict: true, noEmit: true, target: "es2022", module: "nodenext", lib: ["es2022"], types: [] },
      ...{ noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noUnusedLocals: true },
      ...{ noUnusedParameters: true, noImplicitReturns: true, noPropertyAccessFromIndexSignature: true },
      ...{
        verbatimModuleSyntax: true,
        erasableSyntaxOnly: true,
        isolatedModules: true,
        allowImportingTsExtensions: true,
      },
    };
    writeFileSync(join(checks, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(checks, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", checks], { encoding: "utf8" });
    expect([stdout, status]).toEqual(["", 0]);
  });

  test("holds only what the model needs", () => {
    const text = (name: Name): string => readFileSync(join(alone, `${name}.ts`), "utf8");
    for (const word of ["dateWriter", "categoryWriter", "booleanOf", "example"])
      expect(text("iris")).not.toContain(word);
    expect(text("kind")).toContain("dateWriter");
  });

  test("refuses a row without a column, and cells that are none", async () => {
    const { predict } = await exported("iris");
    const row = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 };
    expect(() => predict({ ...row, sepal_length: new Date() as never })).toThrow(
      new TypeError('predict: "sepal_length" must be a text, a number, true, false or null.'),
    );
    expect(() => predict({ sepal_length: 5.1 })).toThrow(new TypeError('predict: the row has no "sepal_width".'));
    expect(predict({ ...row, petal_width: undefined })).toEqual(predict({ ...row, petal_width: "NA" }));
  });

  test("moves the threshold of two classes", async () => {
    const { predict } = (await exported("grade")) as unknown as {
      predict(row: Row, threshold?: number): { class: string };
    };
    const [row] = rowsOf("grade") as [Row];
    expect([predict(row, 0).class, predict(row, 1).class]).toEqual(["true", "false"]);
  });

  test("prints to standard output unless a file is named", async () => {
    const { status, stdout, stderr } = await chainrule(["export", path("iris.safetensors"), "--to", "typescript"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(readFileSync(join(alone, "iris.ts"), "utf8"));
  });
});

describe("json", () => {
  const rows = new Map<Name, Row[]>();
  const documentOf = async (name: Name): Promise<string> => {
    const { status, stdout, stderr } = await chainrule(["export", path(`${name}.safetensors`), "--to", "json"]);
    expect([status, stderr]).toEqual([0, ""]);
    rows.set(name, rowsOf(name));
    return stdout;
  };

  test.each(["iris", "kind", "grade", "price"] as const)("%s: suffices for a program of its own", async (name) => {
    const found = predictionsOf(await documentOf(name), rows.get(name) as Row[]);
    const { probabilities, values } = await model(name).predict(rows.get(name) as Row[]);
    found.forEach((numbers, i) => {
      const wanted = values === undefined ? (probabilities?.[i] as Float64Array) : [values[i] as number];
      wanted.forEach((number, k) => {
        expect(Math.abs((numbers[k] as number) - number)).toBeLessThan(values === undefined ? 1e-6 : 1e-4);
      });
    });
  });

  test("holds the weights to the last bit, and what else is in the file", async () => {
    const text = await documentOf("digits");
    const document = JSON.parse(text) as {
      [field: string]: unknown;
      weights: Record<string, { shape: number[]; dtype: string; values: number[] }>;
    };
    expect(document).toMatchObject({
      format: "chainrule-json",
      version: 1,
      made_of: "digits.safetensors",
      record: { seed: 4 },
      target: { name: "digit", task: "classification" },
      network: { type: "sequential" },
    });
    const loaded = (await loadModel(path("digits.safetensors"))) as TableModel;
    const first = (loaded.network as unknown as { layers: { weight: { value: { dataSync(): Float32Array } } }[] })
      .layers?.[0];
    expect(document.weights["0.weight"]?.shape).toEqual([loaded.input.features.length, 12]);
    expect(Float32Array.from(document.weights["0.weight"]?.values ?? [])).toEqual(first?.weight.value.dataSync());
    // Nine digits at most.
    expect(text).not.toMatch(/"values": \[[^\]]*\d{11}/);
  });
});

describe("a network without preprocessing", () => {
  const network = sequential(flatten(), dense(4, 3), relu, dense(3, 2));
  beforeAll(async () => {
    initialize(network, { seed: 1 });
    await saveModel(network, path("plain.safetensors"), { record: { input: "grey values / 255, row-major" } });
  });

  test.each([[[]], [["--input", "2,2"]]])("exports forward(input) %j", async (options) => {
    const file = path(`plain${options.length}.ts`);
    const { status, stdout } = await chainrule([
      ...["export", path("plain.safetensors"), "--to", "typescript", "--out", file, ...options],
    ]);
    expect([status, stdout]).toEqual([0, `${file}: a module with forward(input), which imports nothing.\n`]);
    const { forward } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      forward(input: readonly number[]): Float32Array;
    };
    const wanted = network(tensor([[0.5, -1, 2, 3]])).dataSync();
    forward([0.5, -1, 2, 3]).forEach((y, i) => {
      expect(y).toBeCloseTo(wanted[i] as number, 6);
    });
    const shape = options.length === 0 ? "4" : "2 × 2";
    expect(readFileSync(file, "utf8")).toContain(
      `forward(input) takes ${shape} numbers: grey values / 255, row-major.`,
    );
  });

  test("as JSON: its weights and its layers", async () => {
    const { stdout } = await chainrule(["export", path("plain.safetensors"), "--to", "json"]);
    const document = JSON.parse(stdout) as object;
    const file = path("plain.json");
    const written = await chainrule(["export", path("plain.safetensors"), "--to", "json", "--out", file]);
    expect(written).toEqual({ status: 0, stdout: `${file}: the model as JSON.\n`, stderr: "" });
    expect(readFileSync(file, "utf8")).toBe(stdout);
    expect(Object.keys(document)).toEqual(["format", "version", "made_by", "made_of", "network", "weights", "record"]);
    expect(document).toMatchObject({ weights: { "1.weight": { shape: [4, 3], dtype: "float32" } } });
  });
});

describe("mistakes", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await chainrule(["export", ...args], { cwd: folder });
    expect([status, stdout]).toEqual([2, ""]);
    return stderr.replaceAll(`${folder}/`, "");
  };

  test("no form, or one that there is not", async () => {
    expect(await mistake("iris.safetensors")).toContain("error: required option '--to <form>' not specified");
    expect(await mistake("iris.safetensors", "--to", "onnx")).toContain("Allowed choices are json, typescript.");
  });

  test("no model", async () => {
    expect(await mistake("there.safetensors", "--to", "json")).toContain(
      "error: there is no model file there.safetensors (the working folder is ",
    );
    writeFileSync(path("data.csv"), "a,b\n1,2\n");
    expect(await mistake("data.csv", "--to", "json")).toMatch(/^error: data\.csv is not a valid safetensors file: /);
  });

  test("a file that is there stays as it is, without --force", async () => {
    writeFileSync(path("there.ts"), "mine");
    const args = ["iris.safetensors", "--to", "typescript", "--out", "there.ts"];
    expect(await mistake(...args)).toBe(
      "error: there.ts exists already. Name another file, or replace it by --force.\n",
    );
    expect(readFileSync(path("there.ts"), "utf8")).toBe("mine");
    const { status, stdout } = await chainrule(["export", ...args, "--force", "--quiet"], { cwd: folder });
    expect([status, stdout]).toEqual([0, ""]);
    expect(readFileSync(path("there.ts"), "utf8")).toContain("export function predict");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("--input where nothing needs it", async () => {
    expect(await mistake("iris.safetensors", "--to", "typescript", "--input", "4")).toBe(
      "error: --input: the model knows its columns. Leave it out.\n",
    );
    await saveModel(dense(2, 1), path("dense.safetensors"));
    expect(await mistake("dense.safetensors", "--to", "json", "--input", "2")).toBe(
      "error: --input: a JSON document needs no shape. Leave it out.\n",
    );
  });

  test("an input that the network does not take, or of which no layer speaks", async () => {
    await saveModel(sequential(dense(2, 1)), path("two.safetensors"));
    expect(await mistake("two.safetensors", "--to", "typescript", "--input", "3")).toContain(
      "the input has 3 features",
    );
    await saveModel(sequential(relu), path("relu.safetensors"));
    expect(await mistake("relu.safetensors", "--to", "typescript")).toBe(
      "error: relu.safetensors: no layer of the network says how many numbers it takes. Give the shape of one input, as in --input 28,28.\n",
    );
  });

  test("a layer of one's own", async () => {
    class Own extends Module {
      static readonly type = "own";
      forward(x: Parameters<typeof relu>[0]) {
        return x;
      }
    }
    register("own", () => new Own());
    await saveModel(new Own(), path("own.safetensors"));
    expect(await mistake("own.safetensors", "--to", "json")).toContain(
      'own.safetensors holds a model that cannot be made: the model is of the type "own", which is not registered',
    );
  });

  test("weights that JSON cannot hold", async () => {
    const broken = dense(1, 1);
    broken.weight.value = tensor([[Number.NaN]]);
    await saveModel(broken, path("nan.safetensors"));
    expect(await mistake("nan.safetensors", "--to", "json")).toBe(
      'error: nan.safetensors: "weight" holds NaN or infinity, which JSON cannot hold. Train again.\n',
    );
  });
});
