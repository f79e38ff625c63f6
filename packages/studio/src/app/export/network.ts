/** The network as an SVG file: its units with what each answers over the plane, and its weights. */
import { mix, type Palette, toCSS } from "../../draw/index.ts";
import { UNIT_SIDE } from "../../engine/index.ts";
import { featureNamed, layoutOf, linesOf, nameOfUnit, type Spot, UNIT, widthOf } from "../../panels/index.ts";
import type { FeatureName, State } from "../../state/index.ts";
import { cells, escape, file, label, short } from "./svg.ts";

/** Room for names of outputs, and around. */
const [MARGIN, WIDTH] = [16, 800];
const LEVELS = 12;

/**
 * @param weights as in a snapshot
 * @param units as in the view of that name
 */
export function networkSVG(
  state: State,
  weights: Float32Array,
  units: readonly Float32Array[],
  colours: Palette,
): string {
  const layout = layoutOf(state, WIDTH);
  const lines = linesOf(state, layout).map(({ d, index }) => {
    const weight = weights[index] as number;
    const colour = weight < 0 ? colours.negative : colours.positive;
    return `<path d="${d}" stroke="${toCSS(colour)}" stroke-width="${widthOf(weight).toFixed(2)}"/>`;
  });
  const unit = (spot: Spot, column: number, row: number): string =>
    [
      thumb(spot, units[column] ?? new Float32Array(), row, colours),
      `<rect x="${spot.left}" y="${spot.top}" width="${UNIT}" height="${UNIT}" fill="none" stroke="${toCSS(colours.ink)}"/>`,
    ].join("\n");
  const [first] = state.features as readonly [FeatureName, ...FeatureName[]];
  const features = state.features.map((name, row) => {
    const spot = layout.features[name] as Spot;
    return `${label(spot.left - 8, spot.top + UNIT / 2 + 5, short(featureNamed(state, name)), "end")}\n${unit(spot, 0, row)}`;
  });
  const layers = layout.layers.flatMap((spots, layer) => [
    label((spots[0] as Spot).left + UNIT / 2, 36, layer < state.layers.length ? `layer ${layer + 1}` : "output"),
    ...spots.map(
      (spot, row) => `<g><title>${escape(nameOfUnit(state, layer, row))}</title>\n${unit(spot, layer + 1, row)}\n</g>`,
    ),
  ]);
  const title = `A network of ${[state.features.length, ...state.layers].join(", ")} and ${layout.layers.at(-1)?.length} units, and its weights.`;
  return file(layout.width + 2 * MARGIN, layout.height + MARGIN, title, colours, [
    `<g transform="translate(${MARGIN} 0)">`,
    `<g fill="none">\n${lines.join("\n")}\n</g>`,
    label((layout.features[first] as Spot).left + UNIT / 2, 36, "features"),
    ...features,
    ...layers,
    "</g>",
  ]);
}

/** What a unit answers, from the most negative to the most positive of its values. */
function thumb({ left, top }: Spot, values: Float32Array, row: number, { paper, negative, positive }: Palette): string {
  const count = UNIT_SIDE * UNIT_SIDE;
  const own = values.subarray(row * count, (row + 1) * count);
  const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  return cells(UNIT_SIDE, { x: left, y: top }, UNIT, (cell) => {
    const share = (own[cell] as number) / most || 0;
    return mix(paper, share < 0 ? negative : positive, Math.round(Math.abs(share) * LEVELS) / LEVELS);
  });
}
