/** Whether everyone can read it: contrasts as in WCAG 2.2, §1.4.3 (4.5 for text) and §1.4.11 (3 for graphics). */
import { describe, expect, test } from "vitest";
import { STYLE } from "../../src/report/style.ts";

type Colour = readonly [red: number, green: number, blue: number];

const read = (hex: string): Colour => {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255) as unknown as Colour;
};

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as unknown as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const mix = (a: Colour, b: Colour, share: number): Colour =>
  a.map((x, i) => x * share + (b[i] as number) * (1 - share)) as unknown as Colour;

/** The colours of a theme, by their names: those of the screen in light, in dark, and of paper. */
const themes = [...STYLE.toString().matchAll(/:root\{([^}]*)\}/g)].map(
  ([, rules]) =>
    Object.fromEntries(
      [...(rules as string).matchAll(/--([a-z-]+):([^;]+)/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>,
);

test("the contrast of black on white is 21, as WCAG says", () => {
  expect(contrast(read("#000"), read("#ffffff"))).toBeCloseTo(21, 12);
  expect(themes.length).toBe(3);
});

describe.each(themes.map((theme, i) => [["light", "dark", "print"][i] as string, theme] as const))("%s", (_, theme) => {
  const colour = (name: string): Colour => read(theme[name] as string);

  test("text", () => {
    for (const ground of ["paper", "raised"]) {
      for (const text of ["ink", "soft", "accent", "good", "bad"]) {
        expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test("lines and bars", () => {
    for (const line of ["one", "two"]) expect(contrast(colour(line), colour("paper")), line).toBeGreaterThanOrEqual(3);
  });

  test("counts in the confusion matrix, from the faintest to the deepest", () => {
    for (const tint of ["#0072b2", "#d55e00"]) {
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        const part = ((0.15 + 0.85 * share) * Number.parseFloat(theme["heat-most"] as string)) / 100;
        expect(
          contrast(colour("on-heat"), mix(read(tint), colour("paper"), part)),
          `${tint} ${share}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
