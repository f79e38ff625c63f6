/** How training went, epoch by epoch. */
import * as Plot from "@observablehq/plot";
import { duration, figure as number } from "../../render/numbers.ts";
import { label } from "../../render/text.ts";
import { present, type ReportData, type TrainingCurves } from "../data.ts";
import { figure, legend } from "../figure.ts";
import { type Html, html, sentence } from "../html.ts";
import { absence, type Section, table } from "../parts.ts";

type Log = TrainingCurves["history"][number];

/** A curve needs no more points than a page has pixels. */
const MOST_POINTS = 300;
const MOST_ROWS = 12;

export function curves({ training: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const training = present(part);
  const title = "How training went";
  if (training === undefined) return { id: "training", title, body: absence((part as { absent: string }).absent) };
  const { history, ended, seconds } = training;
  const time = seconds === undefined ? "" : ` in ${duration(seconds)}`;
  const body = html`<p>${history.length} epochs (passes through the training rows)${time}. ${sentence(ended)}</p>
${history.length < 2 ? absence("There are no curves: they take two epochs or more.") : figures(training)}`;
  return { id: "training", title, body };
}

function figures(training: TrainingCurves): Html {
  const names = Object.keys(training.history[0] as Log);
  return html`<div class="figures">
${curve(training, { id: "loss", title: "Loss", what: `The ${label(training.loss, 60)}, which training makes small`, own: "loss", other: "validationLoss", log: true })}
${names.includes("accuracy") && curve(training, { id: "accuracy", title: "Accuracy", what: "The share of rows that are right", own: "accuracy", other: "validationAccuracy", log: false })}
</div>`;
}

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  /** Names in the history, of training and validation rows. */
  readonly own: string;
  readonly other: string;
  /** A logarithmic scale where the numbers span much. */
  readonly log: boolean;
}

function curve({ history, bestEpoch }: TrainingCurves, { id, title, what, own, other, log }: Curve): Html {
  const both = (history[0] as Log)[other] !== undefined;
  const values = history
    .flatMap((epoch) => [epoch[own], epoch[other]])
    .filter((x) => x !== undefined && Number.isFinite(x));
  const [least, most] = extremes(values as number[]);
  const scale = log && least > 0 && most / least > 30 ? "log" : "linear";
  const points = thinned(history, bestEpoch, MOST_POINTS);
  const line = (name: string, mark: "one" | "two"): Plot.Markish =>
    Plot.lineY(
      points.filter((p) => Number.isFinite(p[name])),
      {
        x: "epoch",
        y: name,
        stroke: `var(--${mark})`,
        strokeWidth: 2,
        ...(mark === "two" ? { strokeDasharray: "5 3" } : {}),
      },
    );
  const last = history.at(-1) as Log;
  const at = history.find(({ epoch }) => epoch === bestEpoch);
  const kept =
    at === undefined
      ? ""
      : ` The weights of epoch ${bestEpoch} were kept${both ? `, where it was ${number(at[other] as number)} on validation rows` : ""}.`;
  return figure({
    id,
    title,
    description: `${what}: from ${number((history[0] as Log)[own] as number)} to ${number(last[own] as number)} on training rows${
      both ? `, and to ${number(last[other] as number)} on validation rows, which were not learned from` : ""
    }.${kept}`,
    legend: legend(
      { mark: "one", text: "training" },
      ...(both ? [{ mark: "two" as const, text: "validation" }] : []),
      ...(at === undefined ? [] : [{ mark: "rule" as const, text: "kept" }]),
    ),
    plot: {
      x: { label: "epoch", grid: false, ticks: 6, tickFormat: (x: number) => (Number.isInteger(x) ? `${x}` : "") },
      y: {
        label: title.toLowerCase(),
        type: scale,
        grid: true,
        ticks: 5,
        ...(scale === "log" ? { tickFormat: "~g" } : {}),
      },
      marks: [
        ...(at === undefined ? [] : [Plot.ruleX([bestEpoch], { stroke: "currentColor", strokeOpacity: 0.45 })]),
        line(own, "one"),
        ...(both ? [line(other, "two")] : []),
      ],
    },
    numbers: table(
      `${title} by epoch`,
      [
        { head: "Epoch", number: true },
        { head: "Training", number: true },
        ...(both ? [{ head: "Validation", number: true }] : []),
      ],
      thinned(history, bestEpoch, MOST_ROWS).map((p) => [
        html`${p.epoch}${p.epoch === bestEpoch && html` <b class="badge">kept</b>`}`,
        number(p[own] as number),
        ...(both ? [number(p[other] as number)] : []),
      ]),
    ),
  });
}

function extremes(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of values) [least, most] = [Math.min(least, x), Math.max(most, x)];
  return [least, most];
}

/** About `most` epochs, evenly spread, with the first, the last and the best among them. */
function thinned(history: readonly Log[], best: number | undefined, most: number): Log[] {
  if (history.length <= most) return [...history];
  const wanted = new Set(Array.from({ length: most }, (_, i) => Math.round((i * (history.length - 1)) / (most - 1))));
  return history.filter(({ epoch }, i) => wanted.has(i) || epoch === best);
}
