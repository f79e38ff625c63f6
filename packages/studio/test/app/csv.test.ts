import { expect, it } from "vitest";
import { pointsCSV } from "../../src/app/export/csv.ts";
import { change, INITIAL, type OwnTable } from "../../src/state/index.ts";

it("writes no word that a spreadsheet computes, and leaves numbers as they are", () => {
  const values = Float64Array.of(-1, 2);
  const table: OwnTable = {
    columns: [
      { name: '=HYPERLINK("https://example.org")', values },
      { name: "+1", values },
      { name: "@kind", values: Float64Array.of(0, 1), words: ["-1+cmd", "a=b"] },
    ],
    x: 0,
    y: 1,
    target: 2,
    task: "classes",
    more: [],
  };
  const state = change(INITIAL, { data: "table", table });
  const points = { training: [[0, 0, 0] as const], test: [[0, 0, 1] as const], rows: { training: [0], test: [1] } };
  expect(pointsCSV({ state, ...points }).split("\n")).toEqual([
    `"'=HYPERLINK(""https://example.org"")",'+1,'@kind,split`,
    "-1,-1,'-1+cmd,training",
    "2,2,a=b,test",
    "",
  ]);
});
