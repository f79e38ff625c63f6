/**
 * The gradient checker against a catalogue of planted mistakes and one of hard cases that are right. About a third of each was
 * kept out while the bounds were chosen, and tried once at the end: one of the 18 mistakes was missed then (a bias of ill
 * scale, which now belongs to the others), and none of the 26 hard cases was accused.
 */
import { describe, expect, it } from "vitest";
import { hardCases } from "./hard-cases.ts";
import { accused, planted } from "./planted.ts";

describe("planted mistakes are found, and the parameters named", () => {
  it("are more than 30", () => {
    expect(planted.length).toBeGreaterThanOrEqual(30);
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length);
  });

  it.each(planted)("$name", ({ check, spoils }) => {
    expect(accused(check())).toEqual([...spoils].sort());
  });
});

describe("correct gradients are not accused", () => {
  it("are more than 30", () => {
    expect(hardCases.length).toBeGreaterThanOrEqual(30);
    expect(new Set(hardCases.map(({ name }) => name)).size).toBe(hardCases.length);
  });

  it.each(hardCases)("$name", ({ check }) => {
    const report = check();
    expect(report.passed, `${report}`).toBe(true);
    expect(report.entries.length).toBeGreaterThan(0);
  });

  it("nor left undecided, but for few", () => {
    const all = hardCases.flatMap(({ check }) => check().entries);
    const undecided = all.filter(({ verdict }) => verdict === "unresolved");
    expect(undecided.length).toBeLessThan(0.01 * all.length);
  });
});
