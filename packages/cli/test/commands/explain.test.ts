/** `chainrule explain` as a user runs it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tensor } from "chainrule";
import { explain } from "chainrule/check";
import { loadTableModel, saveModel } from "chainrule/io";
import { softmaxCrossEntropy } from "chainrule/loss";
import { dense, initialize, type Param, relu, sequential } from "chainrule/nn";
import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { beforeAll, describe, expect, test } from "vitest";
import { widthOf } from "../../src/render/text.ts";
import { runHere } from "../support/in-process.ts";
import { temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);

const told = async (...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await runHere(["explain", ...args], folder);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
};
/** With single blanks. */
const words = (text: string): string => text.replace(/\s+/g, " ");

/*
 * price = 10·output + 20 with output = 2·x + 1 and x = (size − 2) / 1: the sizes are 1 and 3, the prices 10 and 30 CHF.
 * For the size 3 and the price 30: x = 1, output 3, price 50; the target is 1, L = (3 − 1)² = 4, ∂L/∂output = 2·(3 − 1) = 4,
 * so ∂L/∂W = 4·x = 4 and ∂L/∂b = 4.
 */
async function saveLine(): Promise<void> {
  const table = Table.fromRows([
    { size: 1, price: 10 },
    { size: 3, price: 30 },
  ]);
  const input = TableEncoder.fit(table, inferColumns(table, { target: "price" }));
  const target = TargetEncoder.fit("price", table.column("price"), { unit: "CHF", task: "regression" });
  const network = dense(1, 1);
  network.weight.value = tensor([[2]]);
  (network.bias as Param).value = tensor([1]);
  await saveModel(new TableModel({ network, input, target }), at("line.safetensors"), { record: { by: "hand" } });
}

/** A model that has every kind of column, with gaps. */
async function saveKinds(): Promise<void> {
  const day = (i: number): string => `2020-01-${String(i + 1).padStart(2, "0")}`;
  const rows = Array.from({ length: 24 }, (_, i) => ({
    size: i === 5 ? null : i % 4,
    colour: ["red", "green", "blue"][i % 3] as string,
    sold: i % 5 === 0,
    built: i === 7 ? null : day(i),
    kind: i % 2 === 0 ? "a" : "b",
  }));
  const table = Table.fromRows(rows);
  const input = TableEncoder.fit(table, inferColumns(table, { target: "kind" }), { impute: { size: { constant: 9 } } });
  const target = TargetEncoder.fit("kind", table.column("kind"));
  const network = initialize(sequential(dense(input.features.length, 4), relu, dense(4, 1)), { seed: 2 });
  await saveModel(new TableModel({ network, input, target }), at("kinds.safetensors"));
  expect(input.columns.map(({ kind }) => kind)).toEqual(["number", "category", "boolean", "date"]);
}

beforeAll(async () => {
  await saveLine();
  await saveKinds();
  write("line.csv", "size,price\n1,10\n3,30\n,\n");
  write("kinds.csv", "size,colour,sold,built,kind\n,violet,maybe,2020-01-03,b\n");
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 3},${(i * 7) % 11},${"abc"[i % 3]}`);
  write("letters.csv", `x,noise,letter\n${lines.join("\n")}\n`);
  const settings = ["--hidden", "12", "--epochs", "20", "--l2", "0.01", "--validation", "0", "--quiet"];
  const { status } = await runHere(["train", "letters.csv", "--target", "letter", ...settings], folder);
  expect(status).toBe(0);
  await saveModel(initialize(sequential(dense(3, 4), relu, dense(4, 2)), { seed: 1 }), at("plain.safetensors"));
});

describe("a model", () => {
  test("what becomes of a row before the network, and of the outputs after it", async () => {
    const text = words(await told("line.safetensors"));
    expect(text).toContain('Predicts "price", a number, from 1 column as 1 feature.');
    expect(text).toContain("size number 1 (x − 2) / 1, within ±10; missing: taken for 2, the median");
    expect(text).toContain("price = output · 10 + 20 CHF (deviation and mean of the rows it was trained on)");
    expect(text).toContain('a record that no command of chainrule has written: {"by":"hand"}');
  });

  test("every kind of column", async () => {
    const text = words(await told("kinds.safetensors"));
    // 24 rows of 0 … 3 with the one of row 5 taken for 9: their sum is 36 − 1 + 9, and 44 / 24 = 1.8333.
    expect(text).toMatch(
      /size number 2 \(x − 1\.8333\) \/ 1\.\d+, within ±10; missing: taken for 9, as told, and 1 in a number of its own/,
    );
    expect(text).toContain("colour category 3 1 for the category, 0 for the others: blue, green, red");
    expect(text).toContain("sold boolean 1 1 for yes, 0 for no; missing: taken for no, the most frequent");
    // The middle one of the 23 days, without the 8th, is the 13th; 2020-01-01 is day 18262, and the mean 18262 + 281/24.
    expect(text).toMatch(
      /built date 4 \(days since 1970 − 18,274\) \/ 6\.\d+, within ±10; sine and cosine of the week; missing: taken for 2020-01-13, the median, and 1 in a number of its own/,
    );
    expect(text).toContain('probability of "b" = sigmoid(output), of "a" = 1 − that; predicted is the likelier one');
    expect(text).toContain("Training ════════ The file tells nothing about it.");
  });

  test("trained anew on all rows: why it had ended is that of the training before", async () => {
    const settings = ["--hidden", "4", "--epochs", "4", "--l2", "0.01", "--validation", "0.25", "--quiet"];
    const out = ["--out", "anew.safetensors"];
    const { status } = await runHere(["train", "letters.csv", "--target", "letter", ...settings, ...out], folder);
    expect(status).toBe(0);
    const flat = words(await told("anew.safetensors"));
    expect(flat).toMatch(/trained \d+ epochs anew on all rows \(before that, with rows held back: all epochs done\)/);
    expect(flat).toMatch(
      /final training on all rows, \d+ epochs \(rows held back are worth having once all is chosen; .+?\)/,
    );
  });

  test("layers, training and equations of a trained one", async () => {
    const text = await told("model.safetensors");
    const flat = words(text);
    // 2·12 + 12 + 12·3 + 3
    expect(flat).toContain("total 75");
    expect(flat).toContain("probabilities = softmax(outputs), in the order a, b, c; predicted is the likeliest");
    expect(flat).toMatch(/by chainrule train, @chainrule\/cli \d\S*, node \d/);
    expect(flat).toMatch(/data letters\.csv, 60 rows, SHA-256 [0-9a-f]{64} rows 48 to learn from, 12 for the test/);
    expect(flat).toMatch(/trained 20 epochs \(all epochs done\) result right: \d+\.\d\d % \(\d+ of 12 rows\)/);
    expect(flat).toContain("hidden units 12 (told by --hidden)");
    const model = await loadTableModel(readFileSync(at("model.safetensors")));
    expect(text).toContain(explain(model.network, { loss: softmaxCrossEntropy, inputShape: [2], mode: "evaluation" }));
  });

  test("a plain network", async () => {
    const text = await told("plain.safetensors");
    expect(text).toContain("A plain network, Sequential: what its inputs and outputs mean is not in the file.");
    expect(words(text)).toContain("0 (dense) [1, 4] 16 28");
    expect(text).toContain("L  = loss(ŷ, y)");
    expect(text).not.toContain("From a row to numbers");
  });

  test("long tables are cut, with a count, unless all is wanted", async () => {
    const names = Array.from({ length: 33 }, (_, j) => `c${j}`);
    const table = new Table([...names, "y"], [...names.map((_, j) => [j, j + 1, j + 3]), [1.5, 2.5, 4]]);
    const input = TableEncoder.fit(table, inferColumns(table, { target: "y" }));
    const target = TargetEncoder.fit("y", table.column("y"), { task: "regression" });
    await saveModel(new TableModel({ network: dense(33, 1), input, target }), at("wide.safetensors"));
    const [cut, all] = [await told("wide.safetensors"), await told("wide.safetensors", "--all")];
    expect(cut).toContain("… and 3 columns more; --all shows them");
    expect([/^c29 /m.test(cut), /^c30 /m.test(cut), /^c32 /m.test(all)]).toEqual([true, false, true]);
  });
});

describe("a row", () => {
  test("its cells, its numbers, the network forward and backward, the prediction", async () => {
    const text = await told("line.safetensors", "--row", "2", "--data", "line.csv");
    expect(text).toContain("Row 2 (line 3 of line.csv)");
    expect(words(text)).toContain("column cell feature number size 3 size 1");
    expect(words(text)).toContain("= [[1]] · [[2]] + [1] = [[3]]");
    expect(words(text)).toContain("L = 1/N Σ (ŷ − y)² [] = 4 Backward");
    expect(words(text)).toContain("= [[1]] · [[4]] = [[4]] ∂L/∂b⁽¹⁾ = Σₙ δ⁽¹⁾ [1] [1, 1] = Σₙ [[4]] = [4]");
    expect(text).not.toContain("--all");
    expect(text).toMatch(/Prediction: price = 50 CHF; the row has 30\n$/);
    expect(text).not.toContain("Equations (n: rows at a time)");
  });

  test("the same as data, by hand", async () => {
    const { row } = JSON.parse(await told("line.safetensors", "--row", "2", "--data", "line.csv", "--json"));
    expect(row).toEqual({
      number: 2,
      file: "line.csv",
      place: "line 3",
      cells: { size: "3", price: "30" },
      features: [{ name: "size", column: "size", value: 1 }],
      layers: [
        {
          path: "",
          type: "dense",
          activations: [],
          input: [[1]],
          z: [[3]],
          a: [[3]],
          gradA: [[4]],
          delta: [[4]],
          gradients: { weight: [[4]], bias: [4] },
        },
      ],
      outputs: [[3]],
      loss: 4,
      // δ·Wᵀ = 4·2
      gradInput: [[8]],
      prediction: { value: 50 },
      actual: "30",
    });
  });

  test("without a target: what flows back is for the prediction, so nothing does here", async () => {
    const args = ["line.safetensors", "--row", "3", "--data", "line.csv"];
    const text = words(await told(...args));
    // The missing size is taken for 2: x = 0, output 1, price 30.
    expect(text).toContain("size (missing) size 0");
    expect(text).toContain(
      'The row has no value of "price": the loss and what flows back from it are for what the model predicts.',
    );
    expect(text).toMatch(/Prediction: price = 30 CHF $/);
    const { row } = JSON.parse(await told(...args, "--json"));
    expect(row).toMatchObject({ loss: 0, actual: null, prediction: { value: 30 } });
  });

  test("of the file that the model was trained on, with the probabilities of the model", async () => {
    const text = await told("model.safetensors", "--row", "1");
    expect(text).toContain("Row 1 (line 2 of letters.csv)");
    const model = await loadTableModel(readFileSync(at("model.safetensors")));
    const { classes, probabilities } = await model.predict([{ x: 0, noise: 0 }]);
    const percent = (i: number): string => `${(100 * (probabilities?.[0]?.[i] as number)).toFixed(2)} %`;
    expect(text).toContain(`Prediction: letter = ${classes?.[0]}; the row has a`);
    for (const [i, letter] of ["a", "b", "c"].entries()) expect(words(text)).toContain(`${letter} ${percent(i)}`);
  });

  test("what is strange about its cells", async () => {
    const text = words(await told("kinds.safetensors", "--row", "1", "--data", "kinds.csv", "--all"));
    expect(text).toContain("colour violet colour=blue 0 not seen in training");
    expect(text).toContain("sold maybe sold 0 not understood, taken for missing");
    expect(text).toContain("size (missing) size (missing) 1");
  });

  test("numbers that are left out of long tensors are all there with --all", async () => {
    const [cut, all] = [
      await told("model.safetensors", "--row", "1"),
      await told("model.safetensors", "--row", "1", "--all"),
    ];
    expect(cut).toContain("Of long tensors the first 8 numbers of each axis are shown; --all prints all.");
    expect(Math.max(...cut.split("\n").map(widthOf))).toBeLessThanOrEqual(80);
    const { row } = JSON.parse(await told("model.safetensors", "--row", "1", "--json"));
    const last = row.layers[0].z[0][11] as number;
    const shown = String(Number(last.toPrecision(6))).replace("-", "−");
    expect([cut.includes(shown), all.includes(shown)]).toEqual([false, true]);
    // 12 numbers in lines of 8, and the gradient of the weights by their rows.
    expect(all).toMatch(/z \[1, 12\]\n +0( +\S+){8}\n +8( +\S+){4}\n/);
    expect(all).toMatch(/∂L\/∂weight \[12, 3\]\n +0, 0 .*\n +1, 0 /);
  });
});

describe("other forms", () => {
  test("--latex is what the library writes, with the numbers of a row where there is one", async () => {
    const model = await loadTableModel(readFileSync(at("model.safetensors")));
    const options = { loss: softmaxCrossEntropy, mode: "evaluation", format: "latex" } as const;
    expect(await told("model.safetensors", "--latex")).toBe(
      `${explain(model.network, { ...options, inputShape: [2] })}\n`,
    );
    expect(await told("line.safetensors", "--latex", "--row", "2", "--data", "line.csv")).toContain(
      "&= \\begin{pmatrix} 3 \\end{pmatrix}",
    );
  });

  test("--graph as text, for Graphviz and as data", async () => {
    const row = ["line.safetensors", "--row", "2", "--data", "line.csv"];
    expect(await told(...row, "--graph", "text")).toMatch(/^node +operation +shape +value +∂L\/∂node/);
    expect(await told(...row, "--graph", "dot")).toContain('[label="weight: input [1, 1]\\n= [[2]]\\n∂L = [[4]]"]');
    const { nodes } = JSON.parse(await told(...row, "--graph", "json"));
    expect(nodes[0]).toMatchObject({ name: "weight", op: "input", value: [[2]], gradient: [[4]] });
  });

  test("--quiet prints what it predicts, or the prediction of a row", async () => {
    expect(await told("model.safetensors", "--quiet")).toMatch(
      /^Predicts "\w+", one of 3 classes, from 2 columns .*\n$/,
    );
    expect(await told("line.safetensors", "--row", "2", "--data", "line.csv", "--quiet")).toBe(
      "Prediction: price = 50 CHF; the row has 30\n",
    );
    expect((await runHere(["explain", "line.safetensors", "--quiet", "--json"], folder)).stderr).toBe(
      "error: --json and --quiet each print something else. Take one of them.\n",
    );
  });

  test("a graph without a row has zeros for the input, and no gradients", async () => {
    const { nodes } = JSON.parse(await told("plain.safetensors", "--graph", "json"));
    expect(nodes.find(({ name }: { name: string }) => name === "x")).toMatchObject({
      value: [[0, 0, 0]],
      gradient: null,
    });
  });

  test("--out writes the same to a file, and replaces none unless told", async () => {
    expect(await told("line.safetensors", "--latex", "--out", "line.tex")).toBe("");
    expect(readFileSync(at("line.tex"), "utf8")).toBe(await told("line.safetensors", "--latex"));
    expect((await runHere(["explain", "line.safetensors", "--out", "line.tex"], folder)).stderr).toBe(
      "error: line.tex exists already. Name another file, or replace it by --force.\n",
    );
    await told("line.safetensors", "--out", "line.tex", "--force");
    expect(readFileSync(at("line.tex"), "utf8")).toMatch(/^line\.safetensors\n═+\nPredicts/);
  });

  test("--json has all that is told of the model", async () => {
    const found = JSON.parse(await told("line.safetensors", "--json"));
    expect(found).toMatchObject({
      model: "line.safetensors",
      columns: [{ name: "size", kind: "number", mean: 2, deviation: 1 }],
      target: { name: "price", mean: 20, deviation: 10, unit: "CHF" },
      network: { inputShape: [1, 1], parameters: 2 },
      record: { by: "hand" },
    });
  });
});

describe("mistakes", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await runHere(["explain", ...args], folder);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };

  test("two forms at once", async () => {
    expect(await mistake("line.safetensors", "--latex", "--json")).toBe(
      "error: --latex and --json each print something else. Take one of them.\n",
    );
  });

  test("all of what is not cut", async () => {
    expect(await mistake("line.safetensors", "--latex", "--all")).toBe(
      "error: --all is for what is printed without --latex. Leave one of them out.\n",
    );
  });

  test("a shape for a model of rows", async () => {
    expect(await mistake("line.safetensors", "--input-shape", "3")).toBe(
      "error: --input-shape is for plain networks: line.safetensors knows its columns and its target itself. Leave it out.\n",
    );
  });

  test("a file and no row", async () => {
    expect(await mistake("line.safetensors", "--data", "line.csv")).toBe(
      "error: --data is the file that --row is in: say which row, as in --row 3.\n",
    );
  });

  test("a row and no file", async () => {
    expect(await mistake("line.safetensors", "--row", "3")).toBe(
      "error: --row 3: the model file does not tell which data it was trained on. Name the file that the row is in by --data.\n",
    );
  });

  test("a row that is not there", async () => {
    expect(await mistake("line.safetensors", "--row", "4", "--data", "line.csv")).toBe(
      "error: --row 4: line.csv has 3 rows. Take one of 1 … 3.\n",
    );
  });

  test("a row for a plain network", async () => {
    expect(await mistake("plain.safetensors", "--row", "1", "--data", "line.csv")).toContain(
      "plain.safetensors holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs.",
    );
  });

  test("a file that lacks a column", async () => {
    expect(await mistake("line.safetensors", "--row", "1", "--data", "kinds.csv".replace("kinds", "letters"))).toBe(
      'error: letters.csv: the table lacks the column "size"; it has "x", "noise", "letter".\n',
    );
  });

  test("a target that the model does not know", async () => {
    write("other.csv", "x,noise,letter\n1,2,z\n");
    expect(await mistake("model.safetensors", "--row", "1", "--data", "other.csv")).toBe(
      'error: other.csv, line 2: "letter" has the class "z", and the model knows "a", "b", "c".\n',
    );
  });
});
