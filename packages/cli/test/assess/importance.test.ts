import { tensor } from "chainrule";
import { gradcheck } from "chainrule/check";
import { meanSquaredError } from "chainrule/loss";
import { dense, params } from "chainrule/nn";
import { Table } from "chainrule/table";
import { expect, test } from "vitest";
import { permutationImportance, summarizeGradients } from "../../src/assess/index.ts";

const table = new Table(
  ["same", "useless"],
  [Array.from({ length: 200 }, (_, i) => i % 2), Array.from({ length: 200 }, (_, i) => (i * 7) % 13)],
);
const target = table.column("same");
/** The accuracy of the model that says the first column. */
const score = (shown: Table): number => shown.column("same").filter((cell, i) => cell === target[i]).length / 200;

test("a column that is never looked at costs nothing; one that is all costs what chance does not mend", async () => {
  const found = await permutationImportance(table, ["useless", "same"], score, { seed: 0 });
  expect(found.map(({ name }) => name)).toEqual(["same", "useless"]);
  expect(found[1]).toEqual({ name: "useless", mean: 0, deviation: 0 });
  // Half of two equal classes fall on their own again: a loss of 1/2, of which five means stray little (σ = 0.016).
  expect(found[0]?.mean).toBeGreaterThan(0.42);
  expect(found[0]?.mean).toBeLessThan(0.58);
  expect(found[0]?.deviation).toBeGreaterThan(0);
});

test("the seed decides the orders", async () => {
  const run = (seed: number) => permutationImportance(table, ["same"], score, { seed, repeats: 2 });
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
});

test("a gradient check is summed up by parameters", () => {
  const layer = dense(3, 2);
  const [x, y] = [tensor([[1, 2, 3]]), tensor([[0, 1]])];
  const found = summarizeGradients(gradcheck(() => meanSquaredError(layer(x), y), params(layer)));
  expect(found.passed).toBe(true);
  expect(found.elements).toBe(8);
  expect(found.parameters.map(({ name, elements, wrong }) => [name, elements, wrong]).sort()).toEqual([
    ["bias", 2, false],
    ["weight", 6, false],
  ]);
  expect(found.maxRelativeError).toBe(Math.max(...found.parameters.map((p) => p.maxRelativeError)));
  expect(found.maxRelativeError).toBeLessThan(found.tolerance);
});
