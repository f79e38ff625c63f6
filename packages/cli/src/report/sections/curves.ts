/** How training went, epoch by epoch. */
import * as Plot from "@observablehq/plot";
import { duration, figure as number } from "../../render/numbers.ts";
import { label } from "../../render/text.ts";
import { type Epoch, present, type ReportData, type TrainingCurves } from "../data.ts";
import { extremes, figure, legend } from "../figure.ts";
import { type Html, html, sentence } from "../html.ts";
import { absence, type Section, table } from "../parts.ts";

/** A curve needs no more points than a page has pixels. */
const MOST_POINTS = 300;
const MOST_ROWS = 12;

export function curves({ training: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const training = present(part);
  const title = "How training went";
  if (training === undefined) return { id: "training", title, body: absence((part as { absent: string }).absent) };
  const { history, ended, seconds, trainings = 1 } = training;
  const isOne = trainings === 1;
  const time = seconds === undefined || !isOne ? "" : ` in ${duration(seconds)}`;
  const body = html`<p>${history.length} epochs (passes through the training rows)${time}. ${sentence(ended)}</p>
${seconds !== undefined && !isOne && html`<p>The ${trainings} trainings in all, those that were compared included, took ${duration(seconds)}.</p>`}
${courseOf(training)}
${history.length < 2 ? absence("There are no curves: they take two epochs or more.") : figures(training)}`;
  return { id: "training", title, body };
}

/** What the curves are of, where they are not of the model's own training. */
function courseOf({ folds = 0, refit, bestEpoch }: TrainingCurves): Html {
  const fold = folds > 1 && `The curves are of one fold of ${folds}. `;
  const anew =
    refit !== undefined &&
    `The model itself was then trained anew on all rows for ${refit} epochs; since no rows are held back from that, nothing was measured there${bestEpoch === undefined ? "" : `, and epoch ${bestEpoch} below is not the one kept`}.`;
  return html`${(fold || anew) && html`<p>${fold}${anew}</p>`}`;
}

function figures(training: TrainingCurves): Html {
  const [{ score, validationScore }] = training.history as [Epoch];
  const measured = training.score !== undefined && (score !== undefined || validationScore !== undefined);
  return html`<div class="figures">
${curve(training, {
  id: "loss",
  title: "Loss",
  what: `The ${label(training.loss, 60)}, which training makes small`,
  own: "loss",
  other: "validationLoss",
  log: true,
})}
${
  measured &&
  curve(training, {
    id: "score",
    title: capitalized(label(training.score)),
    what: `The ${label(training.score)}, of which more is better`,
    own: "score",
    other: "validationScore",
    log: false,
  })
}
</div>`;
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  /** Names in the history, of training and validation rows. */
  readonly own: keyof Epoch;
  readonly other: keyof Epoch;
  /** A logarithmic scale where the numbers span much. */
  readonly log: boolean;
}

/** One of its lines: the rows it is of, how it is drawn, and its numbers in the history. */
interface Line {
  readonly rows: "training" | "validation";
  readonly mark: "one" | "two";
  readonly key: keyof Epoch;
}

function curve({ history, bestEpoch, refit }: TrainingCurves, { id, title, what, own, other, log }: Curve): Html {
  const [first, last] = [history[0], history.at(-1)] as [Epoch, Epoch];
  const all: Line[] = [
    { rows: "training", mark: "one", key: own },
    { rows: "validation", mark: "two", key: other },
  ];
  const lines = all.filter(({ key }) => first[key] !== undefined);
  const points = thinned(history, bestEpoch, MOST_POINTS);
  const kept = history.find(({ epoch }) => epoch === bestEpoch);
  const badge = refit === undefined ? "kept" : "best";
  const ends = lines.map(
    ({ rows, key }) => `on ${rows} rows from ${number(first[key] as number)} to ${number(last[key] as number)}`,
  );
  return figure({
    id,
    title,
    description: `${what}: ${ends.join(", ")}.${kept === undefined ? "" : refit === undefined ? ` The weights of epoch ${bestEpoch} were kept.` : ` Epoch ${bestEpoch} was the best.`}`,
    legend: legend(
      ...lines.map(({ rows, mark }) => ({ mark, text: rows })),
      ...(kept === undefined ? [] : [{ mark: "rule" as const, text: badge }]),
    ),
    plot: {
      x: { label: "epoch", ticks: 6, tickFormat: (x: number) => (Number.isInteger(x) ? `${x}` : "") },
      y: { label: title.toLowerCase(), grid: true, ticks: 5, ...scaleOf(points, lines, log) },
      marks: [
        ...(kept === undefined ? [] : [Plot.ruleX([bestEpoch], { stroke: "currentColor", strokeOpacity: 0.45 })]),
        ...lines.map((line) => drawn(points, line)),
      ],
    },
    numbers: table(
      `${title} by epoch`,
      [{ head: "Epoch", number: true }, ...lines.map(({ rows }) => ({ head: capitalized(rows), number: true }))],
      thinned(history, bestEpoch, MOST_ROWS).map((p) => [
        html`${p.epoch}${p === kept && html` <b class="badge">${badge}</b>`}`,
        ...lines.map(({ key }) => number(p[key] as number)),
      ]),
    ),
  });
}

/** Dashed where it is of validation rows, for those who do not see colours. */
const drawn = (points: readonly Epoch[], { mark, key }: Line): Plot.Markish =>
  Plot.lineY(
    points.filter((p) => Number.isFinite(p[key])),
    {
      x: "epoch",
      y: key,
      stroke: `var(--${mark})`,
      strokeWidth: 2,
      ...(mark === "two" ? { strokeDasharray: "5 3" } : {}),
    },
  );

function scaleOf(points: readonly Epoch[], lines: readonly Line[], log: boolean): Plot.ScaleOptions {
  const values = points.flatMap((p) => lines.map(({ key }) => p[key] as number)).filter(Number.isFinite);
  const [least, most] = extremes(values);
  return log && least > 0 && most / least > 30 ? { type: "log", tickFormat: "~g" } : { type: "linear" };
}

/** About `most` epochs, evenly spread, with the first, the last and the best among them. */
function thinned(history: readonly Epoch[], best: number | undefined, most: number): Epoch[] {
  if (history.length <= most) return [...history];
  const wanted = new Set(Array.from({ length: most }, (_, i) => Math.round((i * (history.length - 1)) / (most - 1))));
  return history.filter(({ epoch }, i) => wanted.has(i) || epoch === best);
}
