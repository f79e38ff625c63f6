import { describe, expect, test } from "vitest";
import { renderTable, wrap } from "../../src/render/table.ts";

describe("renderTable", () => {
  test("puts columns side by side", () => {
    expect(
      renderTable(
        [
          ["name", "n"],
          ["a", "10"],
          ["long", "2"],
        ],
        { left: [0], indent: "  " },
      ),
    ).toBe("  name   n\n  a     10\n  long   2");
  });

  test("wraps the last column within the terminal", () => {
    expect(renderTable([["width", "one two three four five six seven"]], { left: [0, 1], columns: 27 })).toBe(
      "width  one two three four\n       five six seven",
    );
  });

  test("counts characters, and takes rows that lack cells", () => {
    expect(renderTable([["😀", "x"], ["abc"]], { left: [0, 1] })).toBe("😀   x\nabc");
  });
});

test("wrap leaves a word that is too long alone on its line", () => {
  expect(wrap("a bbbbbbbb c", 4)).toEqual(["a", "bbbbbbbb", "c"]);
});
