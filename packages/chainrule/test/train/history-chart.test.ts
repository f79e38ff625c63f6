import { describe, expect, it } from "vitest";
import { historyChart } from "../../src/train/index.ts";

const logs = (losses: number[], validation?: number[]) =>
  losses.map((loss, i) => ({
    epoch: i + 1,
    loss,
    accuracy: 1 / (loss + 1),
    ...(validation ? { validationLoss: validation[i] as number } : {}),
  }));

describe("historyChart", () => {
  it("shows the losses, epoch by epoch", () => {
    expect(historyChart(logs([5, 3, 2, 1], [4, 3, 3, 5]), { width: 10, height: 5 })).toBe(
      [
        "5 ┤o        x",
        "  │x",
        "  │   x  x",
        "  │      o",
        "1 ┤         o",
        "  └──────────",
        "   1        4  epoch",
        "   o loss   x validation loss",
      ].join("\n"),
    );
  });

  it("shows what is asked for, on a logarithmic scale too, without what has no place there", () => {
    expect(historyChart(logs([100, 10, 0, 1]), { show: ["loss"], scale: "log", width: 7, height: 3 })).toBe(
      ["100 ┤o", "    │  o", "  1 ┤      o", "    └───────", "     1     4  epoch", "     o loss"].join("\n"),
    );
    const nan = logs([Number.NaN, 2, Number.POSITIVE_INFINITY]);
    expect(historyChart(nan, { width: 3, height: 3 })).toBe(
      ["  │", "2 ┤ o", "  │", "  └───", "   1 3  epoch", "   o loss"].join("\n"),
    );
    expect(historyChart(logs([Number.NaN]))).toBe("historyChart: there is no finite value to show.");
  });

  it("rounds the least and the greatest value to three digits, and takes more epochs than columns", () => {
    const lines = historyChart(logs(Array.from({ length: 100 }, (_, i) => 0.123456 + i / 1000))).split("\n");
    expect(lines.length).toBe(12 + 3);
    expect(lines[0]).toMatch(/^0\.222 ┤ {57}ooo$/);
    expect(lines[11]).toMatch(/^0\.123 ┤ooo$/);
  });

  it("refuses what is not there", () => {
    expect(() => historyChart([])).toThrow("historyChart: the history has no epochs yet.");
    expect(() => historyChart(logs([1]), { show: ["r2"] })).toThrow(
      'historyChart: there is no "r2" in the history; there are loss, accuracy.',
    );
    expect(() => historyChart(logs([1]), { width: 1 })).toThrow("historyChart: width must be an integer ≥ 2; it is 1.");
    expect(() => historyChart(logs([1]), { height: 0 })).toThrow(
      "historyChart: height must be an integer ≥ 2; it is 0.",
    );
    expect(() => historyChart(logs([1]), { scale: "ln" as never })).toThrow(
      'historyChart: scale must be one of "linear", "log"; it is "ln".',
    );
    expect(() => historyChart(logs([1]), { hight: 3 } as never)).toThrow(
      'historyChart: unknown option "hight"; there are show, width, height, scale.',
    );
  });
});
