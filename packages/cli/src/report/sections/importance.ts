/** Which columns the model needs. */
import * as Plot from "@observablehq/plot";
import { count } from "../../render/format.ts";
import { figure as number } from "../../render/numbers.ts";
import { label } from "../../render/text.ts";
import { type Importance, present, type ReportData } from "../data.ts";
import { figure } from "../figure.ts";
import { type Html, html, name } from "../html.ts";
import { absence, note, type Section, table } from "../parts.ts";

/** Bars in the figure; the table has more. */
const MOST_BARS = 20;
const MOST_ROWS = 100;

export function importance({ importance: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const found = present(part);
  const body = found === undefined ? absence((part as { absent: string }).absent) : ofColumns(found);
  return { id: "importance", title: "Which columns matter", body };
}

function ofColumns({ metric, rows, repeats, columns: all }: Importance): Html {
  const columns = all.filter(({ mean, deviation }) => mean !== 0 || deviation !== 0);
  if (columns.length === 0)
    return html`<p>No single column matters by itself: shuffling the cells of any of them, ${repeats} times, leaves the ${name(metric)} on ${rows} as it is. Either several columns say the same, so that each can stand in for another, or the model uses none.</p>`;
  const numbers = table(
    "Importance of the columns",
    [{ head: "Column" }, { head: "Importance", number: true }, { head: "± deviation", number: true }],
    columns.slice(0, MOST_ROWS).map((one) => [name(one.column, 40), number(one.mean, 3), number(one.deviation, 2)]),
  );
  return html`<p>How much worse the ${name(metric)} gets on ${rows} when a column’s cells are shuffled, so that it tells nothing: the mean of ${repeats} shuffles. Columns that say the same stand in for each other, and each then seems to matter little.</p>
<div class="figures">${bars(columns.slice(0, MOST_BARS), metric)}<div class="beside">${numbers}${columns.length > MOST_ROWS && note(`${columns.length - MOST_ROWS} columns that matter less are not shown.`)}${columns.length < all.length && note(`Shuffling changes nothing for ${count(all.length - columns.length)} of ${count(all.length)} columns, which are left out.`)}</div></div>`;
}

type ColumnImportance = Importance["columns"][number];

interface Bar extends ColumnImportance {
  readonly place: string;
}

function bars(columns: readonly ColumnImportance[], metric: string): Html {
  // Names may be alike once they are cut, so that bars are told apart by their places.
  const shown: Bar[] = columns.map((one, i) => ({ ...one, place: `${i}` }));
  const [first] = columns;
  return figure({
    id: "importance-bars",
    title: "Importance by shuffling",
    description:
      first === undefined
        ? "There are no columns."
        : `The thin lines reach one standard deviation to both sides. ${label(first.column)} matters most: without it the ${label(metric)} is worse by ${number(first.mean, 3)}.`,
    plot: {
      height: 62 + 22 * shown.length,
      marginLeft: 140,
      marginTop: 12,
      x: { label: `${label(metric)} is worse by`, grid: true, ticks: 4 },
      y: {
        label: null,
        domain: shown.map(({ place }) => place),
        tickSize: 0,
        tickFormat: (place: string) => label((shown[Number(place)] as Bar).column, 20),
      },
      marks: [
        Plot.barX(shown, { x: "mean", y: "place", fill: "var(--one)", insetTop: 2, insetBottom: 2 }),
        Plot.ruleY(shown, {
          y: "place",
          x1: ({ mean, deviation }: Bar) => mean - deviation,
          x2: ({ mean, deviation }: Bar) => mean + deviation,
          stroke: "currentColor",
          strokeWidth: 1.5,
        }),
        Plot.ruleX([0]),
      ],
    },
  });
}
