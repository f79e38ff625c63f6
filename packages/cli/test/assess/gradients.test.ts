import { tensor } from "chainrule";
import { gradcheck } from "chainrule/check";
import { meanSquaredError } from "chainrule/loss";
import { dense, params } from "chainrule/nn";
import { expect, test } from "vitest";
import { summarizeGradients } from "../../src/assess/index.ts";

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
