/** Random functions: carried out operation by operation, compiled for the interpreter, compiled for WebAssembly. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rewrite } from "../../src/compile/rewrite.ts";
import { RULES } from "../../src/compile/rules.ts";
import { verifyGraph } from "../../src/graph/verify.ts";
import { compile, setTarget, type Tensor } from "../../src/index.ts";
import { verifyProgram } from "../../src/loop/verify.ts";
import { carryOut, inputsOf, type Recipe, recipes } from "../support/random-functions.ts";
import { expectPlanHolds } from "./plan-check.ts";

// Operation by operation means: each one alone, on the interpreter.
beforeAll(() => setTarget("js"));
afterAll(() => setTarget(undefined));

const numbersOf = (t: Tensor): number[] => [...t.dataSync()];

/** 0 and −0 are equal: rules may exchange them (`signOfZero`). */
const unsigned = (numbers: readonly number[]): number[] => numbers.map((x) => (x === 0 ? 0 : x));

function eager(recipe: Recipe) {
  return carryOut(recipe, inputsOf(recipe));
}

const compiled = (recipe: Recipe, target: "js" | "wasm") =>
  compile((...given: Tensor[]) => carryOut(recipe, given).map(({ value }) => value), { target });

describe("a compiled random function", () => {
  it("gives the bits of its single operations on the interpreter, and its program and graphs are well formed", () => {
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const expected = eager(recipe);
        const f = compiled(recipe, "js");
        const inputs = inputsOf(recipe);
        const { program, traced, graph } = f.program(...inputs);
        verifyGraph(traced);
        verifyGraph(rewrite(traced, RULES).graph);
        verifyGraph(graph);
        verifyProgram(program);
        expectPlanHolds(program);
        f(...inputs).forEach((found, i) => {
          const { value } = expected[i] as (typeof expected)[number];
          expect([found.dtype, found.shape]).toEqual([value.dtype, value.shape]);
          expect(unsigned(numbersOf(found))).toEqual(unsigned(numbersOf(value)));
        });
      }),
      { numRuns: 120 },
    );
  });

  it("gives the same on WebAssembly: exact values to the bit, others within 2·10⁻³ of values up to 8", () => {
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const expected = eager(recipe);
        const f = compiled(recipe, "wasm");
        for (let repetition = 0; repetition < 2; repetition++) {
          f(...inputsOf(recipe)).forEach((found, i) => {
            const { value, exact } = expected[i] as (typeof expected)[number];
            expect([found.dtype, found.shape]).toEqual([value.dtype, value.shape]);
            const [actual, wanted] = [unsigned(numbersOf(found)), unsigned(numbersOf(value))];
            if (exact) expect(actual).toEqual(wanted);
            else expect(Math.max(0, ...actual.map((x, j) => Math.abs(x - (wanted[j] as number))))).toBeLessThan(2e-3);
          });
        }
      }),
      { numRuns: 120 },
    );
  });
});
