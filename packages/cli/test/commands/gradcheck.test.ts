/** `chainrule gradcheck` as a user runs it. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor } from "chainrule";
import { gradcheck } from "chainrule/check";
import { loadTableModel, saveModel } from "chainrule/io";
import { softmaxCrossEntropy } from "chainrule/loss";
import { dense, flatten, initialize, relu, sequential } from "chainrule/nn";
import { Table } from "chainrule/table";
import { beforeAll, describe, expect, test } from "vitest";
import { chainrule, type Finished } from "../support/command.ts";
import { runHere } from "../support/in-process.ts";
import { PlantedLayer } from "../support/planted-layer.ts";
import { temporaryFolder } from "../support/tables.ts";

const IRIS = fileURLToPath(new URL("../../../../examples/data/iris.csv", import.meta.url));
const PLANTED = fileURLToPath(new URL("../support/planted-layer.ts", import.meta.url));

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const check = (...args: string[]): Promise<Finished> => runHere(["gradcheck", ...args], folder);

beforeAll(async () => {
  copyFileSync(IRIS, at("iris.csv"));
  const settings = ["--hidden", "6", "--epochs", "20", "--l2", "0.01", "--validation", "0", "--quiet"];
  const { status, stderr } = await runHere(["train", "iris.csv", "--target", "species", ...settings], folder);
  expect([status, stderr]).toEqual([0, ""]);
  await saveModel(initialize(sequential(dense(3, 4), relu, dense(4, 2)), { seed: 1 }), at("plain.safetensors"));
});

describe("a trained model", () => {
  test("on rows of the file it was trained on, which it finds", async () => {
    const { status, stdout, stderr } = await check("model.safetensors");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^Gradients of model\.safetensors on 32 of 150 rows of iris\.csv, spread evenly\n\nGradient check/,
    );
    // 4·6 + 6 + 6·3 + 3
    expect(stdout).toMatch(
      /Gradient check passed: 51 elements, largest relative error \d\.\de-\d+\.\nelement +analytic/,
    );
    expect(stdout).toContain("\n(the 10 worst of 51 elements)\n");
    expect(stdout.replace(/\s+/g, " ")).toContain("bound: how far off the differences may be");
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("as the library itself checks it", async () => {
    const { stdout } = await check("model.safetensors", "iris.csv", "--rows", "3", "--samples", "2", "--json");
    const found = JSON.parse(stdout) as { elements: number; maxRelativeError: number; entries: { analytic: number }[] };
    const model = await loadTableModel(readFileSync(at("model.safetensors")));
    // Rows 1, 51 and 101 of 150, whose species follow each other.
    const lines = readFileSync(at("iris.csv"), "utf8").split("\n");
    const names = (lines[0] as string).split(",");
    const rows = [1, 51, 101].map((row) => {
      const cells = (lines[row] as string).split(",");
      return Object.fromEntries(names.map((name, j) => [name, j < 4 ? Number(cells[j]) : (cells[j] as string)]));
    });
    const report = gradcheck(
      model.network,
      softmaxCrossEntropy,
      model.input.apply(Table.fromRows(rows)),
      tensor(new Int32Array([0, 1, 2])),
      { samples: 2 },
    );
    expect(found).toMatchObject({ passed: true, elements: 8, order: 1, loss: "softmaxCrossEntropy" });
    expect(found.maxRelativeError).toBe(report.maxRelativeError);
    expect(found.entries.map(({ analytic }) => analytic)).toEqual(report.entries.map(({ analytic }) => analytic));
  });

  test("on the file that lies beside the model, where it was moved with it", async () => {
    const { status, stdout } = await runHere(
      ["gradcheck", at("model.safetensors"), "--rows", "3"],
      mkdtempSync(join(folder, "empty-")),
    );
    expect([status, stdout.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining(`on 3 of 150 rows of ${at("iris.csv")}, spread evenly Gradient check passed`),
    ]);
  });

  test.each([
    ["is gone", undefined, "the data it was trained on, iris.csv, is not there."],
    ["has changed", "a,b\n1,2\n", "is not the data that it was trained on: its SHA-256 is another one."],
  ])("where the data %s, on numbers drawn", async (_, content, why) => {
    const other = mkdtempSync(join(folder, "other-"));
    copyFileSync(at("model.safetensors"), join(other, "model.safetensors"));
    if (content !== undefined) writeFileSync(join(other, "iris.csv"), content);
    const { status, stdout } = await runHere(["gradcheck", "model.safetensors"], other);
    expect(status).toBe(0);
    const words = stdout.replace(/\s+/g, " ");
    expect(words).toContain("on 32 rows of random numbers of the mean 0 and the deviation 1, drawn from the seed 0:");
    expect(words).toContain(`${why} Loss: that of a classification task Gradient check passed: 51 elements`);
  });

  test("to the second order", async () => {
    const { stdout } = await check("model.safetensors", "--order", "2", "--rows", "4", "--samples", "3", "--quiet");
    expect(stdout).toMatch(
      /^Gradient check passed\.\nfirst order: passed: 12 elements.*\nsecond order: passed: 12 elements/,
    );
  });
});

describe("a plain network", () => {
  test("on numbers drawn, with the loss that its last layer tells", async () => {
    const { status, stdout } = await check("plain.safetensors", "--json");
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      { passed: true, elements: 26, loss: "softmaxCrossEntropy" },
    ]);
  });

  test("with the loss of the task that is told", async () => {
    const { stdout } = await check("plain.safetensors", "--task", "regression", "--rows", "5", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, loss: "meanSquaredError" });
  });

  test("of pictures, whose shape must be told", async () => {
    // A flat input would do for the dense layer, but not for one that flattens pictures before.
    await saveModel(initialize(sequential(flatten(), dense(6, 1)), { seed: 1 }), at("pictures.safetensors"));
    const { status, stdout } = await check("pictures.safetensors", "--input-shape", "2,3", "--json");
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { passed: true, elements: 7, loss: "meanSquaredError" }]);
  });
});

describe("a wrong gradient", () => {
  beforeAll(async () => {
    const network = sequential(dense(3, 4), new PlantedLayer(), dense(4, 2));
    await saveModel(initialize(network, { seed: 1 }), at("planted.safetensors"));
  });

  test("ends with status 1, and is named", async () => {
    const { status, stdout, stderr } = await chainrule(["gradcheck", "planted.safetensors"], {
      cwd: folder,
      node: ["--import", PLANTED],
    });
    expect(status).toBe(1);
    // Only what lies before the planted layer gets a wrong gradient.
    expect(stdout).toMatch(
      /Gradient check FAILED for 0\.weight, 0\.bias: \d+ of 26 elements differ by more than 0\.000001\./,
    );
    expect(stderr).toBe(
      "error: the gradients of 0.weight, 0.bias are wrong: the relative error is above 0.000001. The first rows of the table are the worst.\n",
    );
  });
});

describe("mistakes", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await check(...args);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };

  test("data that lacks the target", async () => {
    writeFileSync(at("other.csv"), "sepal_length,kind\n1,a\n2,b\n");
    expect(await mistake("model.safetensors", "other.csv")).toBe(
      'error: other.csv: there is no column "species". The columns are "sepal_length", "kind".\n',
    );
  });

  test("data that lacks inputs", async () => {
    writeFileSync(at("narrow.csv"), "sepal_length,species\n1,setosa\n2,virginica\n");
    expect(await mistake("model.safetensors", "narrow.csv")).toBe(
      'error: narrow.csv: the table lacks the columns "sepal_width", "petal_length", "petal_width"; it has "sepal_length", "species".\n',
    );
  });

  test("a class that the model does not know", async () => {
    const text = readFileSync(at("iris.csv"), "utf8").replace("setosa", "rose");
    writeFileSync(at("rose.csv"), text);
    expect(await mistake("model.safetensors", "rose.csv")).toBe(
      'error: rose.csv, line 2: "species" has the class "rose", and the model knows "setosa", "versicolor", "virginica".\n',
    );
  });

  test("rows without a target", async () => {
    writeFileSync(at("blind.csv"), "sepal_length,sepal_width,petal_length,petal_width,species\n1,1,1,1,\n");
    expect(await mistake("model.safetensors", "blind.csv")).toBe(
      'error: blind.csv: no row has a value of "species", so there is no loss to check.\n',
    );
  });

  test("rows for a plain network", async () => {
    expect(await mistake("plain.safetensors", "iris.csv")).toContain(
      "plain.safetensors holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs.",
    );
  });

  test("a shape that does not fit", async () => {
    expect(await mistake("plain.safetensors", "--input-shape", "5")).toBe(
      "error: --input-shape 5 does not fit plain.safetensors: dense: the input has 5 features (shape [batch=32, features=5]), but " +
        "the weight is [in=3, out=4].\n",
    );
  });

  test("a shape that no layer tells", async () => {
    await saveModel(sequential(relu), at("shapeless.safetensors"));
    expect(await mistake("shapeless.safetensors")).toBe(
      "error: What shapeless.safetensors takes does not follow from its first layer. Say the shape of one example, without the " +
        "batch, such as --input-shape 28,28,1.\n",
    );
  });

  test("classes of a network that gives pictures", async () => {
    await saveModel(sequential(dense(3, 3)), at("images.safetensors"));
    expect(await mistake("images.safetensors", "--input-shape", "2,3", "--task", "classification")).toBe(
      "error: --task classification: the network gives 3 dimensions, and classes are told from two, [rows, classes]. Use --task regression.\n",
    );
  });

  test.each(["--input-shape", "--task"])("%s for a model of rows", async (option) => {
    expect(await mistake("model.safetensors", option, option === "--task" ? "binary" : "4")).toBe(
      `error: ${option} is for plain networks: model.safetensors knows its columns and its target itself. Leave it out.\n`,
    );
  });

  test("weights that are not finite", async () => {
    const broken = dense(2, 1);
    broken.weight.value = tensor([[Number.NaN], [1]]);
    await saveModel(broken, at("spoilt.safetensors"));
    expect(await mistake("spoilt.safetensors", "--quiet")).toMatch(
      /^error: spoilt\.safetensors: the function is NaN there; it has derivatives only where its value is finite\.\n$/,
    );
  });

  test("nothing to differentiate by", async () => {
    expect(await mistake("shapeless.safetensors", "--input-shape", "3", "--quiet")).toContain(
      "error: shapeless.safetensors: there is nothing to differentiate by",
    );
  });
});
