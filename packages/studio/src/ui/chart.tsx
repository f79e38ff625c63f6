/** Curves, by uPlot. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { palette, toCSS } from "../draw/index.ts";
import { rounded, scientific } from "../state/index.ts";
import { useSize } from "./size.ts";

export interface Series {
  /** As CSS writes it. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** Whether single values are marked. */
  readonly points?: boolean;
}

export interface ChartProps {
  readonly title: string;
  readonly term: string;
  /** The positions, which grow, and the values of each series there; null where there is none. */
  readonly data: uPlot.AlignedData;
  readonly series: readonly Series[];
  /** Values from 0 up (the usual), shares from 0 to 1, or whatever comes. */
  readonly range?: "positive" | "share" | "any";
  /** Axes on which a tenfold value is as far away everywhere. */
  readonly logarithmic?: "x" | "y" | "both";
}

const HEIGHT = 190;

export function Chart({ title, term, data, series, range = "positive", logarithmic }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const width = useSize(frame);
  const { ink } = palette.value;
  const look = JSON.stringify([series, range, logarithmic, ink]);
  useLayoutEffect(() => {
    if (width === 0 || frame.current === null) return;
    const made = new uPlot(
      { width, height: HEIGHT, ...optionsOf(series, range, logarithmic, toCSS(ink)) },
      data,
      frame.current,
    );
    chart.current = made;
    return () => made.destroy();
  }, [width, look]);
  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);
  return (
    <figure>
      <figcaption>
        {title} <span class="term">{term}</span>
      </figcaption>
      <div class="chart" ref={frame} aria-hidden="true" />
    </figure>
  );
}

type Looks = Required<Pick<ChartProps, "series" | "range">> & Pick<ChartProps, "logarithmic">;

function optionsOf(
  series: Looks["series"],
  range: Looks["range"],
  logarithmic: Looks["logarithmic"],
  ink: string,
): Omit<uPlot.Options, "width" | "height"> {
  const axis: uPlot.Axis = {
    stroke: ink,
    grid: { stroke: `color-mix(in srgb, ${ink} 14%, transparent)`, width: 1 },
    ticks: { show: false },
    font: "12px system-ui",
    gap: 4,
  };
  const distribution = (name: "x" | "y") =>
    ({ distr: logarithmic === name || logarithmic === "both" ? 3 : 1 }) as const;
  const fromZero: uPlot.Range.Function = (_, __, most) => [0, most > 0 ? 1.05 * most : 1];
  const free = range === "any" || logarithmic === "y" || logarithmic === "both";
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, ...distribution("x") },
      y: { ...distribution("y"), ...(free ? {} : { range: range === "share" ? [0, 1] : fromZero }) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        values: (_, ticks) => ticks.map((at) => (at === null ? "" : position(at))),
        ...(logarithmic === "x" || logarithmic === "both" ? POWERS : {}),
      },
      {
        ...axis,
        size: 46,
        values: (_, ticks) =>
          ticks.map((at) => (at === null ? "" : range === "share" ? `${Math.round(100 * at)} %` : rounded(at, 3))),
        ...(logarithmic === "y" || logarithmic === "both" ? POWERS : {}),
      },
    ],
    series: [
      {},
      ...series.map(({ colour, dash, points = false }) => ({
        stroke: colour,
        width: 2,
        points: { show: points },
        ...(dash === undefined ? {} : { dash: [...dash] }),
      })),
    ],
  };
}

/** A logarithmic axis is divided at powers of ten, some left out where there are many; where there are few, between them too. */
const POWERS: uPlot.Axis = {
  splits: (_, __, least, most) => {
    const [first, last] = [Math.ceil(Math.log10(least) - 1e-9), Math.floor(Math.log10(most) + 1e-9)];
    const every = Math.max(1, Math.ceil((last - first + 1) / MOST_POWERS));
    const powers = Array.from(
      { length: Math.floor((last - first) / every) + 1 },
      (_unused, i) => 10 ** (first + i * every),
    );
    if (powers.length > 2) return powers;
    return [first - 1, ...powers.map(Math.log10)]
      .flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** Math.round(exponent)))
      .filter((at) => at >= least && at <= most);
  },
  // All of them, and not the choice that uPlot makes.
  filter: (_, ticks) => ticks,
  values: (_, ticks) => ticks.map((at) => (at === null ? "" : scientific(at, 1))),
};
const MOST_POWERS = 8;

/** Positions are mostly steps, which are whole; others below 1 are such as 1e-5. */
const position = (at: number): string =>
  at % 1 === 0 ? at.toLocaleString("en") : Math.abs(at) < 1 ? rounded(at, 3) : "";
