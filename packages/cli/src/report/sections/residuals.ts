/** Where predicted values are off, and by how much. */
import * as Plot from "@observablehq/plot";
import type { Point, RegressionAssessment } from "../../assess/index.ts";
import { count } from "../../render/format.ts";
import { figure as number, share } from "../../render/numbers.ts";
import { label } from "../../render/text.ts";
import { present, type ReportData } from "../data.ts";
import { extremes, figure } from "../figure.ts";
import { type Html, html, unitLabel } from "../html.ts";
import { type Section, table } from "../parts.ts";

export function residuals({ assessment, points = [], unit, target }: ReportData): Section | undefined {
  const found = present(assessment);
  if (found?.task !== "regression") return undefined;
  const suffix = unit === undefined ? "" : ` (${unitLabel(unit)})`;
  // A column may be named with its unit: "price (EUR)".
  const named = label(target);
  const words = {
    target: suffix !== "" && named.endsWith(suffix) ? named.slice(0, -suffix.length) : named,
    unit: suffix,
  };
  return {
    id: "residuals",
    title: "Where it is off",
    body: html`<div class="figures">
${points.length > 0 && truth(points, words, found)}
${points.length > 0 && spread(points, words, found)}
${distribution(found, words)}
</div>`,
  };
}

interface Words {
  readonly target: string;
  readonly unit: string;
}

const dots = {
  r: 2.6,
  fill: "var(--one)",
  fillOpacity: 0.45,
  stroke: "var(--one)",
  strokeOpacity: 0.7,
  strokeWidth: 0.6,
};

/** Of an axis: 250K, 0.5, 2e-7. */
const compact = (x: number): string => {
  const size = Math.abs(x);
  if (size >= 1e4) return x.toLocaleString("en-US", { notation: "compact" }).replace(/^-/, "−");
  return (size !== 0 && size < 1e-3 ? x.toExponential() : `${Number(x.toPrecision(6))}`).replace(/^-/, "−");
};

const ticks = { ticks: 5, tickFormat: compact, grid: true };

function truth(points: readonly Point[], { target, unit }: Words, { rows, r2 }: RegressionAssessment): Html {
  const all = points.flatMap(({ actual, predicted }) => [actual, predicted]);
  const [least, most] = extremes(all);
  return figure({
    id: "truth",
    title: "Predicted against true",
    description: `${sampleOf(points, rows)} Points on the line are exact; above it the prediction is too high. R² is ${number(r2)}.`,
    plot: {
      x: { label: `true ${target}${unit}`, domain: [least, most], ...ticks },
      y: { label: `predicted${unit}`, domain: [least, most], ...ticks },
      marks: [
        Plot.line(
          [
            [least, least],
            [most, most],
          ],
          { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" },
        ),
        Plot.dot(points, { x: "actual", y: "predicted", ...dots }),
      ],
    },
  });
}

function spread(points: readonly Point[], { unit }: Words, { rows }: RegressionAssessment): Html {
  return figure({
    id: "spread",
    title: "Error against prediction",
    description: `${sampleOf(points, rows)} True less predicted: a cloud of even width around 0 is as it should be; a bend means that something was not learned, a funnel that large values are less sure.`,
    plot: {
      x: { label: `predicted${unit}`, ...ticks },
      y: { label: `true less predicted${unit}`, ...ticks },
      marks: [
        Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" }),
        Plot.dot(points, { x: "predicted", y: ({ actual, predicted }: Point) => actual - predicted, ...dots }),
      ],
    },
  });
}

const sampleOf = (points: readonly Point[], rows: number): string =>
  points.length < rows ? `${count(points.length)} of ${count(rows)} rows, evenly chosen.` : `All ${count(rows)} rows.`;

function distribution({ histogram, rows, bias, residualRange }: RegressionAssessment, { unit }: Words): Html {
  const { edges, counts } = histogram;
  const bars = counts.map((n, i) => ({ n, from: edges[i] as number, to: edges[i + 1] as number }));
  return figure({
    id: "errors",
    title: "How large the errors are",
    description: `Rows by true less predicted: ${number(bias, 3)} on average, and for 90 of 100 rows between ${number(residualRange[0], 3)} and ${number(residualRange[1], 3)}.`,
    plot: {
      x: { label: `true less predicted${unit}`, ticks: 5, tickFormat: compact },
      y: { label: "rows", grid: true, ticks: 5, tickFormat: (x: number) => (Number.isInteger(x) ? `${x}` : "") },
      marks: [
        Plot.rectY(bars, { x1: "from", x2: "to", y: "n", fill: "var(--one)", insetLeft: 0.5, insetRight: 0.5 }),
        Plot.ruleX([0], { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" }),
        Plot.ruleY([0]),
      ],
    },
    numbers: table(
      "Rows by error",
      [
        { head: "From", number: true },
        { head: "To", number: true },
        { head: "Rows", number: true },
        { head: "Share", number: true },
      ],
      bars.map(({ n, from, to }) => [number(from, 3), number(to, 3), count(n), share(n / rows)]),
    ),
  });
}
