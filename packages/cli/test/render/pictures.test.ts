import fc from "fast-check";
import { expect, test } from "vitest";
import { renderPictures } from "../../src/render/pictures.ts";

const picture = (rows: readonly string[], caption: readonly string[] = []) => ({
  pixels: rows
    .join("")
    .split("")
    .map((digit) => Number(digit) / 4),
  height: rows.length,
  width: rows[0]?.length ?? 0,
  caption,
});

test("a character is the mean of two pixels, one above the other, and empty borders are cut off", () => {
  const p = picture([
    "00000", //
    "04420",
    "04000",
    "00040",
    "00000",
  ]);
  // Means: (4+4)/2 (4+0)/2 (2+0)/2 = 4 2 1, then (0+0)/2 (0+0)/2 (4+0)/2 = 0 0 2 of 4.
  expect(renderPictures([p], 80)).toBe("█▒░\n  ▒");
});

test("pictures stand side by side with their captions, as many as fit", () => {
  const one = picture(["44", "44"], ["one"]);
  const two = picture(["40", "40"], ["two", "more"]);
  // A picture takes 4 columns, the longest caption, and 3 lie between two: 4 + 3 + 4 = 11.
  expect(renderPictures([one, two], 11)).toBe("██     █\none    two\n       more");
  expect(renderPictures([one, two], 10)).toBe("██\none\n\n█\ntwo\nmore");
});

test("all pictures are cut to the same part", () => {
  expect(renderPictures([picture(["400", "400"]), picture(["040", "040"])], 80)).toBe("█     █");
});

test("a picture without ink has a caption only", () => {
  expect(renderPictures([picture(["00", "00"], ["nothing"])], 80)).toBe("nothing");
});

test("no line is wider than asked, if one picture fits", () => {
  const pixels = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(fc.array(pixels, { minLength: 1, maxLength: 7 }), fc.integer({ min: 8, max: 60 }), (all, columns) => {
      const text = renderPictures(
        all.map((p) => ({ pixels: p, height: 8, width: 8, caption: ["12345678"] })),
        columns,
      );
      const lines = text.split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(text.match(/12345678/g)).toHaveLength(all.length);
    }),
  );
});
