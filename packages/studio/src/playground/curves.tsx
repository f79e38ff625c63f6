/** Loss and accuracy over the steps. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { palette, toCSS } from "../draw/index.ts";
import { isRegression } from "../state/index.ts";
import { useSize } from "../ui/index.ts";
import type { Store } from "./store.ts";

export function CurvesPanel({ store }: { readonly store: Store }) {
  const { step, trainingLoss, testLoss, trainingAccuracy, testAccuracy } = store.curves.value;
  return (
    <section class="card curves" aria-labelledby="curves-title">
      <h2 id="curves-title">
        How it learns <span class="term">learning curves</span>
      </h2>
      <p class="legend">
        <span>
          <span class="mark" /> on the points it learns from <span class="term">training</span>
        </span>
        <span>
          <span class="mark two" /> in the exam <span class="term">test</span>
        </span>
      </p>
      <div class="charts">
        <Chart title="Cost" term="loss" data={[step, trainingLoss, testLoss]} />
        {!isRegression(store.state.value) && (
          <Chart title="Share right" term="accuracy" data={[step, trainingAccuracy, testAccuracy]} share />
        )}
      </div>
    </section>
  );
}

interface ChartProps {
  readonly title: string;
  readonly term: string;
  readonly data: uPlot.AlignedData;
  /** Whether values are shares, from 0 to 1. */
  readonly share?: boolean;
}

const HEIGHT = 190;

function Chart({ title, term, data, share = false }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const width = useSize(frame);
  const colours = palette.value;
  useLayoutEffect(() => {
    if (width === 0 || frame.current === null) return;
    const [ink, grid] = [toCSS(colours.ink), `color-mix(in srgb, ${toCSS(colours.ink)} 14%, transparent)`];
    const axis: uPlot.Axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: "12px system-ui",
      gap: 4,
    };
    const made = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: share ? [0, 1] : (_, __, most) => [0, most > 0 ? 1.05 * most : 1] } },
        axes: [
          {
            ...axis,
            size: 28,
            values: (_, ticks) => ticks.map((step) => (step % 1 === 0 ? step.toLocaleString("en") : "")),
          },
          {
            ...axis,
            size: 46,
            values: (_, ticks) =>
              ticks.map((tick) => (share ? `${Math.round(100 * tick)} %` : String(Number(tick.toPrecision(3))))),
          },
        ],
        series: [
          {},
          { stroke: toCSS(colours.positive), width: 2, points: { show: false } },
          { stroke: toCSS(colours.negative), width: 2, dash: [6, 4], points: { show: false } },
        ],
      },
      data,
      frame.current,
    );
    chart.current = made;
    return () => made.destroy();
  }, [width, colours, share]);
  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);
  return (
    <figure>
      <figcaption>
        {title} <span class="term">{term}, by steps</span>
      </figcaption>
      <div class="chart" ref={frame} aria-hidden="true" />
    </figure>
  );
}
