/** Which units are the axes. */
import { type Axes, axesAt, withAxes } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { PlaceField } from "../ui/index.ts";
import type { Stage } from "./stages.ts";

const ACROSS = { plain: "Across", term: "horizontal axis" };
const UP = { plain: "Up", term: "vertical axis" };

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
      <PlaceField words={ACROSS} names={units} value={across} onChange={(unit) => set([unit, up])} />
      <PlaceField words={UP} names={units} value={up} onChange={(unit) => set([across, unit])} />
    </div>
  );
}
