/** Whether the model's probabilities can be taken at their word. */
import * as Plot from "@observablehq/plot";
import type { ClassificationAssessment } from "../../assess/index.ts";
import { count } from "../../render/format.ts";
import { share } from "../../render/numbers.ts";
import { present, type ReportData } from "../data.ts";
import { figure, legend } from "../figure.ts";
import { html } from "../html.ts";
import { note, type Section, table } from "../parts.ts";

/** A share of fewer rows than this is mostly chance. */
const FEW = 10;

type Bin = ClassificationAssessment["calibration"]["bins"][number];

export function calibrationSection({ assessment }: ReportData): Section | undefined {
  const found = present(assessment);
  if (found?.task !== "classification") return undefined;
  const { bins, expectedError, maximumError } = found.calibration;
  const few = bins.some((bin) => bin.count < FEW);
  const body = html`<p>When the model says 80 %, is it right 8 times of 10? On average its probabilities are <b>${points(expectedError)}</b> away from how often they come true (expected calibration error); at most ${points(maximumError)}.</p>
<div class="figures">${diagram(bins)}<div class="beside">${numbers(bins)}${few && note(`Some groups hold fewer than ${FEW} rows: their shares are mostly chance.`)}</div></div>`;
  return { id: "calibration", title: "How far to trust its probabilities", body };
}

/** The difference of two percentages. */
const points = (x: number): string => `${(100 * x).toFixed(1)} percentage points`;

function diagram(bins: readonly Bin[]) {
  const most = Math.max(...bins.map((bin) => bin.count));
  return figure({
    id: "reliability",
    title: "Reliability",
    description:
      "How often the predicted class was right, by the probability it was given. On the line the model keeps its word; below it, it is too sure. Large points stand for many rows.",
    legend: legend({ mark: "dots", text: "rows of like probability" }),
    plot: {
      x: { label: "probability given", domain: [0, 1], ticks: 5, tickFormat: "%", grid: true },
      y: { label: "share that came true", domain: [0, 1], ticks: 5, tickFormat: "%", grid: true },
      r: { domain: [0, most], range: [0, 12] },
      marginTop: 30,
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" },
        ),
        Plot.line(bins, { x: "predicted", y: "observed", stroke: "var(--one)", strokeWidth: 1.5, strokeOpacity: 0.5 }),
        Plot.dot(bins, {
          x: "predicted",
          y: "observed",
          r: "count",
          fill: "var(--one)",
          fillOpacity: 0.75,
          stroke: "var(--paper)",
        }),
      ],
    },
  });
}

const numbers = (bins: readonly Bin[]) =>
  table(
    "Calibration by probability",
    [
      { head: "Probability" },
      { head: "Rows", number: true },
      { head: "Said, mean", number: true },
      { head: "Came true", number: true },
    ],
    bins.map((bin) => [
      `${share(bin.from, 0)}\u00a0–\u00a0${share(bin.to, 0)}`,
      count(bin.count),
      share(bin.predicted),
      share(bin.observed),
    ]),
  );
