/** The guided pages as such: what they set, check and say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL } from "../../src/ideas/content/index.ts";
import { isSetUp, lookAt, settingsOf } from "../../src/ideas/idea.ts";
import {
  change,
  fromLink,
  IDEAS,
  type IdeaName,
  INITIAL,
  SETTINGS,
  type State,
  toLink,
} from "../../src/state/index.ts";
import { arbitraryState } from "../support/states.ts";
import { ask, experiment, stepOf, watch } from "./watch.ts";

describe("the pages", () => {
  it("have three to six steps each, which links can name", async () => {
    expect(ALL.map(({ name }) => name)).toEqual([...IDEAS]);
    for (const { steps } of ALL) {
      expect(steps.length).toBeGreaterThanOrEqual(3);
      expect(steps.length).toBeLessThanOrEqual(Math.min(6, SETTINGS.ideaStep.most));
    }
  });

  it("set up their steps from any state, and a link has it all", async () => {
    const steps = ALL.flatMap(({ steps }) => steps);
    fc.assert(
      fc.property(arbitraryState, fc.constantFrom(...steps), (state, step) => {
        const shown = change(state, settingsOf(step.show));
        expect(isSetUp(shown, step)).toBe(true);
        expect(fromLink(toLink(shown))).toEqual(shown);
      }),
    );
  });

  it("are not set up while the settings are those of another step", async () => {
    const after = (idea: IdeaName, step: number, changes: Partial<State> = {}) =>
      change(change(INITIAL, settingsOf(stepOf(idea, step).show)), changes);
    // Plain descent is no walk with momentum; what else a walk depends on counts, too.
    expect(isSetUp(after("momentum", 1), stepOf("momentum", 3))).toBe(false);
    expect(isSetUp(after("momentum", 1, { schedule: "cosine" }), stepOf("momentum", 1))).toBe(false);
    expect(isSetUp(after("saturation", 2), stepOf("saturation", 3))).toBe(false);
    expect(isSetUp(after("xor", 1), stepOf("xor", 2))).toBe(false);
    // What the visitor is told to change stays free.
    expect(isSetUp(after("momentum", 2, { rate: 0.085 }), stepOf("momentum", 2))).toBe(true);
    expect(isSetUp(after("momentum", 4, { momentum: 0.5 }), stepOf("momentum", 4))).toBe(true);
    expect(isSetUp(after("xor", 3, { layers: [] }), stepOf("xor", 3))).toBe(true);
    expect(isSetUp(after("lasso", 4, { penalty: 0.01 }), stepOf("lasso", 4))).toBe(true);
  });

  it("have no check that is met before anything was done", async () => {
    for (const { name, steps } of ALL) {
      for (const [i, step] of steps.entries()) {
        const found = step.hill === undefined ? await experiment(step) : await experiment(step, {}, 0);
        expect(found?.met ?? false, `${name} ${i + 1}`).toBe(false);
        // Nor where the usual settings are left as they are.
        const usual = { ...(await watch(step)), state: INITIAL, begun: INITIAL };
        const results = step.panels.includes("towers")
          ? {
              towers: {
                of: INITIAL.drawn,
                count: 8,
                towers: await ask("towers", { heights: INITIAL.drawn, towers: 8 }),
              },
            }
          : {};
        expect(lookAt(step, { ...usual, results })?.met ?? false, `${name} ${i + 1}`).toBe(false);
      }
    }
    expect(await experiment(stepOf("newton", 1), {}, 59)).toEqual({ met: false, said: "walked 59 of 60 steps" });
  });

  it("use no exclamation marks, and close what they open", async () => {
    for (const { title, gist, limits, steps } of ALL) {
      const texts = steps.flatMap(({ text, task, expect, check }) => [...text, task, expect, check.claim]);
      for (const text of [title, gist, limits, ...texts]) {
        expect(text).not.toContain("!");
        expect((text.match(/\$/g) ?? []).length % 2, text).toBe(0);
        expect(text.replace(/\$[^$]*\$/g, "").match(/\{[^{}]*$|^[^{}]*\}/), text).toBeNull();
      }
    }
  });
});
