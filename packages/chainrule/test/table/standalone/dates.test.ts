import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysOf } from "../../../src/table/standalone/dates.ts";

describe("daysOf", () => {
  test("counts days since 1970, with the time as a fraction", () => {
    // 2024-01-01 is day 19723 (date -u -d 2024-01-01 +%s gives 1704067200 = 19723 · 86400).
    expect(daysOf("2024-01-01", "iso")).toBe(19723);
    expect(daysOf("2024-01-01T12:00", "iso")).toBe(19723.5);
    expect(daysOf("2024-01-01 06:00:00.000Z", "iso")).toBe(19723.25);
    expect(daysOf("2024-01-01T01:00:00+01:00", "iso")).toBe(19723);
    expect(daysOf("2024-01-01T00:00:00-0600", "iso")).toBe(19723.25);
    expect(daysOf("0099-01-01", "iso")).toBe(Date.parse("0099-01-01T00:00:00Z") / 86_400_000);
  });

  test.each([
    ["2023-02-29", "iso"],
    ["2024-13-01", "iso"],
    ["2024-01-01T24:00", "iso"],
    ["2024-01-01T12:60", "iso"],
    ["2024-01-01T12:00+25:00", "iso"],
    ["2024-1-1", "iso"],
    ["29/02/2024", "m/d/y"],
    ["32.01.2024", "d.m.y"],
    ["", "iso"],
  ] as const)("does not take %s for a date (%s)", (text, format) => {
    expect(daysOf(text, format)).toBeUndefined();
  });

  test("reads what Date writes, in every format", () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        const text = date.toISOString().slice(0, 10);
        const [y, m, d] = text.split("-");
        expect([
          daysOf(text, "iso"),
          daysOf(`${y}/${m}/${d}`, "y/m/d"),
          daysOf(`${d}.${m}.${y}`, "d.m.y"),
          daysOf(`${m}/${d}/${y}`, "m/d/y"),
          daysOf(`${d}/${m}/${y}`, "d/m/y"),
        ]).toEqual([day, day, day, day, day]);
      }),
    );
  });
});
