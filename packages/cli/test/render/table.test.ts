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
        { sides: ["left", "right"], indent: "  " },
      ),
    ).toBe("  name   n\n  a     10\n  long   2");
  });

  test("wraps the last column within the terminal", () => {
    expect(renderTable([["width", "one two three four five six seven"]], { columns: 27 })).toBe(
      "width  one two three four\n       five six seven",
    );
  });

  test("counts characters, and takes rows that lack cells", () => {
    expect(renderTable([["😀", "x"], ["abc"]])).toBe("😀    x\nabc");
  });
});

test("wrap leaves a word that is too long alone on its line", () => {
  expect(wrap("a bbbbbbbb c", 4)).toEqual(["a", "bbbbbbbb", "c"]);
});
