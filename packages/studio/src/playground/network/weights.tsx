/** Weights as lines: the wider, the larger; the colour is the sign. */
import { FEATURES, type State, weightIndex, widthsOf } from "../../state/index.ts";
import type { Selection } from "../store.ts";
import { type Layout, type Place, UNIT } from "./layout.ts";

export interface WeightLinesProps {
  readonly state: State;
  readonly layout: Layout;
  readonly weights: Float32Array;
  readonly selection: Selection | undefined;
  readonly select: (selection: Selection) => void;
}

/** From 0.6 to 7 pixels: a weight of 1 has 2.9. Those of a training that diverged may be no numbers. */
const widthOf = (weight: number): number => (Number.isNaN(weight) ? 0 : 0.6 + 6.4 * Math.tanh(Math.abs(weight) / 2.6));

const path = (from: Place, to: Place): string => {
  const [x0, y0, x1, y1] = [from.left + UNIT, from.top + UNIT / 2, to.left, to.top + UNIT / 2];
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
};

export function WeightLines({ state, layout, weights, selection, select }: WeightLinesProps) {
  const widths = widthsOf(state);
  const features = state.features.map((name) => layout.features[FEATURES.indexOf(name)] as Place);
  const columns = [features, ...layout.layers];
  const lines = layout.layers.flatMap((units, layer) =>
    units.flatMap((to, unit) =>
      (columns[layer] as Place[]).map((place, from) => ({
        layer,
        unit,
        from,
        d: path(place, to),
        weight: weights[weightIndex(widths, layer, from, unit)] ?? 0,
      })),
    ),
  );
  const chosen = (layer: number, unit: number): boolean => selection?.layer === layer && selection.unit === unit;
  return (
    <svg class="weights" width={layout.width} height={layout.height} aria-hidden="true">
      {lines.map(({ layer, unit, from, d, weight }) => (
        <path
          key={`${layer} ${from} ${unit}`}
          class={`${weight < 0 ? "negative" : "positive"}${selection && !chosen(layer, unit) ? " faint" : ""}`}
          d={d}
          stroke-width={widthOf(weight)}
        />
      ))}
      {lines.map(({ layer, unit, from, d, weight }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard, the unit that the line leads to opens the same.
        <path
          key={`hit ${layer} ${from} ${unit}`}
          class="hit"
          d={d}
          data-weight={`${layer} ${from} ${unit}`}
          onClick={() => select({ layer, unit, from })}
        >
          <title>{weight.toFixed(3)}</title>
        </path>
      ))}
    </svg>
  );
}
