/** Every primitive has the rules that the transforms need. */
import { expect, it } from "vitest";
import "../../src/index.ts";
import { allPrimitives } from "../../src/ops/index.ts";

const smooth = allPrimitives().filter((op) => op.nondifferentiable !== true);

it.each(smooth.map((op) => [op.name, op] as const))("%s can be differentiated in forward and reverse mode", (_, op) => {
  expect(op.jvp !== undefined || op.linear !== undefined, "forward mode").toBe(true);
  expect(op.vjp !== undefined || op.transpose !== undefined || op.jvp !== undefined, "reverse mode").toBe(true);
});

it("a linear operation has a transpose", () => {
  for (const op of smooth) if (op.linear !== undefined) expect(op.transpose ?? op.vjp, op.name).toBeDefined();
});
