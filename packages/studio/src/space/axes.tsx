/** Which units are the axes. */
import { type Axes, axesAt, withAxes } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Name } from "../ui/index.ts";
import type { Stage } from "./stages.ts";

export interface AxesFieldsProps {
  readonly store: Store;
  readonly column: number;
  readonly stage: Stage;
}

export function AxesFields({ store, column, stage: { units } }: AxesFieldsProps) {
  const state = store.state.value;
  if (units.length === 1) {
    return (
      <p class="hint">
        There is only one unit here, <em>{units[0]}</em>: everything lies on one line. To be seen, the points are spread
        a little, those with large y above.
      </p>
    );
  }
  const [across, up] = axesAt(state, column);
  const set = (axes: Axes): void => store.update({ axes: withAxes(state, column, axes) });
  return (
    <div class="axes">
      <Axis plain="Across" term="horizontal axis" units={units} chosen={across} set={(unit) => set([unit, up])} />
      <Axis plain="Up" term="vertical axis" units={units} chosen={up} set={(unit) => set([across, unit])} />
    </div>
  );
}

interface AxisProps {
  readonly plain: string;
  readonly term: string;
  readonly units: readonly string[];
  readonly chosen: number;
  readonly set: (unit: number) => void;
}

function Axis({ plain, term, units, chosen, set }: AxisProps) {
  return (
    <label class="field">
      <Name plain={plain} term={term} />
      <select value={chosen} onChange={(event) => set(Number(event.currentTarget.value))}>
        {units.map((name, unit) => (
          <option key={name} value={unit} selected={unit === chosen}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
