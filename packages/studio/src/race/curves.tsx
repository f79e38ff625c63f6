/** The curves of all lanes. */
import { useMemo } from "preact/hooks";
import { isRegression } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Chart } from "../ui/index.ts";
import { Mark } from "./lane-card.tsx";
import type { Runner } from "./runner.ts";
import { letterOf, lookOf } from "./words.ts";

const UNIT = { steps: "steps", epochs: "epochs", time: "milliseconds" } as const;

export function RaceCurves({ store, runner }: { readonly store: Store; readonly runner: Runner }) {
  const state = runner.shown.value?.state ?? store.state.value;
  const { positions, columns } = runner.curves.value;
  const count = state.lanes.length;
  const logarithmic = store.state.value.lossAxis === "log";
  const series = state.lanes.map((_, lane) => lookOf(lane));
  const tested = columns.slice(count, 2 * count).some((column) => column.some((value) => value !== null));
  return (
    <section class="card curves" aria-labelledby="race-curves-title">
      <div class="heading">
        <h2 id="race-curves-title">
          Who is ahead <span class="term">learning curves</span>
        </h2>
        <label class="log">
          <input
            type="checkbox"
            checked={logarithmic}
            onChange={({ currentTarget: { checked } }) => store.update({ lossAxis: checked ? "log" : "linear" })}
          />{" "}
          Tenfold steps <span class="term">logarithmic axis</span>
        </label>
      </div>
      <p class="legend">
        {state.lanes.map((_, lane) => (
          <span key={letterOf(lane)}>
            <Mark index={lane} /> {letterOf(lane)}
          </span>
        ))}
      </p>
      <div class="charts">
        <Losses
          title="Cost"
          term={`training loss, by ${UNIT[state.equal]}`}
          columns={columns.slice(0, count)}
          {...{ positions, series, logarithmic }}
        />
        {tested && (
          <Losses
            title="In the exam"
            term={`test loss, by ${UNIT[state.equal]}`}
            columns={columns.slice(count, 2 * count)}
            {...{ positions, series, logarithmic }}
          />
        )}
        {!isRegression(state) && (
          <Chart
            title="Share right"
            term={`training accuracy, by ${UNIT[state.equal]}`}
            data={[positions, ...columns.slice(2 * count)]}
            series={series}
            range="share"
          />
        )}
      </div>
    </section>
  );
}

interface LossesProps {
  readonly title: string;
  readonly term: string;
  readonly positions: number[];
  readonly columns: readonly (number | null)[][];
  readonly series: readonly ReturnType<typeof lookOf>[];
  readonly logarithmic: boolean;
}

function Losses({ title, term, positions, columns, series, logarithmic }: LossesProps) {
  // Zero has no place on a logarithmic axis.
  const drawn = useMemo(
    () => (logarithmic ? columns.map((column) => column.map((value) => (value === 0 ? null : value))) : columns),
    [columns, logarithmic],
  );
  return (
    <Chart
      title={title}
      term={term}
      data={[positions, ...drawn]}
      series={series}
      {...(logarithmic ? { logarithmic: "y" } : {})}
    />
  );
}
