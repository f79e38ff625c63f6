/** What is refused before an operation is carried out or recorded. */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/graph/trace.ts";
import { compile, grad, type Tensor, tensor, zeros } from "../../src/index.ts";
import { primitive } from "../../src/ops/registry.ts";
import { errorOf } from "./trace.ts";

const x = tensor([1, 2]);

describe("an input that is no tensor", () => {
  const hole = undefined as unknown as Tensor;
  it.each([
    [
      "carried out",
      () => bind(primitive("add"), {}, x, 3 as unknown as Tensor),
      "add: input 1 is 3, not a tensor; make one with tensor(…).",
    ],
    [
      "recorded",
      () => grad((t: Tensor) => bind(primitive("mul"), {}, hole, t).sum())(x),
      "mul: input 0 is undefined, not a tensor.",
    ],
  ])("is refused where an operation is %s", (_, call, message) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
    expect(error.message).toContain("input.test.ts:");
  });
});

describe("a tensor of too many elements", () => {
  it.each([
    [
      "at once",
      () => zeros([70_000, 70_000]),
      "broadcast: a tensor of shape [70000, 70000] would have 4900000000 elements",
    ],
    [
      "in a trace",
      () => compile((t: Tensor) => t.broadcastTo([2 ** 30, 2]).sum())(x),
      "broadcast: a tensor of shape [1073741824, 2] would have 2147483648 elements",
    ],
  ])("is refused %s", (_, call, message) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain(`${message}; at most 2147483647 are possible.`);
    expect(error.message).toContain("input.test.ts:");
  });
});
