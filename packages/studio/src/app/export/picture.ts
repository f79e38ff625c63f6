/** What the network says, with the points and the axes, as an SVG file. */
import { mix, type Palette, placeOf, STRONGEST, STRONGEST_VALUE, saidAt, toCSS } from "../../draw/index.ts";
import { classesOf, EXTENT, isRegression, type Point, type State } from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";
import { cells, file, label, type Place, points } from "./svg.ts";

/** Cells along a side: fine enough for print. */
export const PICTURE_SIDE = 300;
/** Shades of a colour. */
const LEVELS = 16;
const [LEFT, TOP, SIZE, RIGHT, BOTTOM] = [48, 16, 600, 16, 84];

/** @param outputs [outputs, PICTURE_SIDE²] */
export function pictureSVG(state: State, shown: Shown, outputs: Float32Array, colours: Palette): string {
  const values = isRegression(state);
  const strongest = values ? STRONGEST_VALUE : STRONGEST;
  const colour = (cell: number) => {
    const [strong, share] = saidAt(outputs, cell, PICTURE_SIDE ** 2, colours, values);
    const level = !values && state.decision === "yes" ? 1 : Math.round(share * LEVELS) / LEVELS;
    return mix(colours.paper, strong, level * strongest);
  };
  const at = ([x, y]: Point): Place => {
    const [across, down] = placeOf(x, y, SIZE);
    return { x: LEFT + across, y: TOP + down };
  };
  const { training, test } = shown;
  const own = shown.state.own.length;
  return file(LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM, titleOf(state, shown), colours, [
    cells(PICTURE_SIDE, { x: LEFT, y: TOP }, SIZE, colour),
    axes(colours),
    ...(state.showTest === "yes" ? [points(test, at, colours, { values, hollow: true })] : []),
    points(training.slice(0, training.length - own), at, colours, { values }),
    points(training.slice(training.length - own), at, colours, { values, ringed: true }),
    legend(state, colours),
  ]);
}

function titleOf(state: State, { snapshot, training }: Shown): string {
  const { step, training: score } = snapshot;
  const what = isRegression(state) ? "The output" : "The decisions";
  return `${what} of a network after ${step} steps, with ${training.length} training points; training loss ${score.loss.toPrecision(3)}.`;
}

function axes({ ink }: Palette): string {
  const ticks = Array.from({ length: 2 * EXTENT + 1 }, (_, i) => i - EXTENT);
  const text = (value: number): string => String(value).replace("-", "−");
  const across = (value: number): number => LEFT + placeOf(value, 0, SIZE)[0];
  const down = (value: number): number => TOP + placeOf(0, value, SIZE)[1];
  const lines = ticks
    .map((value) => `M${across(value)} ${TOP + SIZE}v5M${LEFT} ${down(value)}h-5`)
    .concat(`M${LEFT} ${TOP}h${SIZE}v${SIZE}h-${SIZE}z`);
  return [
    `<path fill="none" stroke="${toCSS(ink)}" stroke-opacity="0.25" d="M${LEFT} ${down(0)}h${SIZE}M${across(0)} ${TOP}v${SIZE}"/>`,
    `<path fill="none" stroke="${toCSS(ink)}" d="${lines.join("")}"/>`,
    ...ticks.map((value) => label(across(value), TOP + SIZE + 20, text(value))),
    ...ticks.map((value) => label(LEFT - 9, down(value) + 4.5, text(value), "end")),
    label(LEFT + SIZE / 2, TOP + SIZE + 40, "x"),
    label(12, TOP + SIZE / 2 + 4, "y"),
  ].join("\n");
}

function legend(state: State, colours: Palette): string {
  const y = TOP + SIZE + 66;
  const values = isRegression(state);
  const entries = values ? [-1, 0, 1] : Array.from({ length: classesOf(state) }, (_, label) => label);
  return entries
    .map((target, i) => {
      const x = LEFT + 8 + i * 96;
      const mark = points([[0, 0, target]], () => ({ x, y: y - 4 }), colours, { values });
      return `${mark}${label(x + 12, y, values ? String(target).replace("-", "−") : `class ${target}`, "start")}`;
    })
    .join("\n");
}
