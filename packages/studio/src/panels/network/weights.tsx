/** Weights as lines: the wider, the larger; the colour is the sign. */
import { useMemo } from "preact/hooks";
import { type State, weightIndex, widthsOf } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { type Layout, type Place, UNIT } from "./layout.ts";

export interface Line {
  readonly layer: number;
  readonly unit: number;
  readonly from: number;
  readonly d: string;
  /** The place of its weight in the list of all. */
  readonly index: number;
}

/** From 0.6 to 7 pixels: a weight of 1 has 2.9. Those of a training that diverged may be no numbers. */
export function widthOf(weight: number): number {
  const size = Math.abs(weight);
  // A line is thin but seen where the weight counts, and gone where it is zero.
  return Number.isNaN(weight) ? 0 : 0.6 * Math.tanh(size / 0.01) + 6.4 * Math.tanh(size / 2.6);
}

const path = (from: Place, to: Place): string => {
  const [x0, y0, x1, y1] = [from.left + UNIT, from.top + UNIT / 2, to.left, to.top + UNIT / 2];
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
};

export function linesOf(state: State, layout: Layout): Line[] {
  const widths = widthsOf(state);
  const features = state.features.map((name) => layout.features[name] as Place);
  const columns = [features, ...layout.layers];
  return layout.layers.flatMap((units, layer) =>
    units.flatMap((to, unit) =>
      (columns[layer] as Place[]).map((place, from) => ({
        layer,
        unit,
        from,
        d: path(place, to),
        index: weightIndex(widths, layer, from, unit),
      })),
    ),
  );
}

export interface WeightLinesProps {
  readonly store: Store;
  readonly layout: Layout;
}

export function WeightLines({ store, layout }: WeightLinesProps) {
  const state = store.state.value;
  const lines = useMemo(() => linesOf(state, layout), [state, layout]);
  const targets = useMemo(() => <Targets store={store} lines={lines} />, [store, lines]);
  return (
    <svg class="weights" width={layout.width} height={layout.height} aria-hidden="true">
      <Strokes store={store} lines={lines} />
      {targets}
    </svg>
  );
}

interface LinesProps {
  readonly store: Store;
  readonly lines: readonly Line[];
}

/** What is seen: drawn anew with each snapshot. */
function Strokes({ store, lines }: LinesProps) {
  const selection = store.selection.value;
  const weights = store.shown.value?.snapshot.weights;
  return (
    <g>
      {lines.map(({ layer, unit, from, d, index }) => {
        const weight = weights?.[index] ?? 0;
        const faint = selection !== undefined && (selection.layer !== layer || selection.unit !== unit);
        return (
          <path
            key={`${layer} ${from} ${unit}`}
            class={`${weight < 0 ? "negative" : "positive"}${faint ? " faint" : ""}`}
            d={d}
            stroke-width={widthOf(weight)}
          />
        );
      })}
    </g>
  );
}

/** What is clicked: wider than the lines, and never drawn anew by a snapshot. */
function Targets({ store, lines }: LinesProps) {
  return (
    <g>
      {lines.map(({ layer, unit, from, d }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard, the unit that the line leads to opens the same.
        <path
          key={`${layer} ${from} ${unit}`}
          class="hit"
          d={d}
          data-weight={`${layer} ${from} ${unit}`}
          onClick={() => {
            store.selection.value = { layer, unit, from };
          }}
        />
      ))}
    </g>
  );
}
