/** The entry by itself, as a program has it that imports nothing of `chainrule`: it must bring along all that it needs. */
import { expect, test } from "vitest";
import { backprop, gradcheck } from "../../src/check/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { constant, dense } from "../../src/nn/index.ts";
import { tensor } from "../../src/tensor/index.ts";

// (2·3 − 5)² has the derivative 2·(6 − 5)·3 by w.
const model = dense(1, 1, { bias: false, weightInit: constant(2) });
const [x, y] = [tensor([[3]]), tensor([[5]])];

test("back-propagation", () => {
  expect(backprop(model, meanSquaredError, x, y).gradients.weight?.arraySync()).toEqual([[6]]);
});

test("the gradient check", () => {
  expect(gradcheck(model, meanSquaredError, x, y).passed).toBe(true);
});
