/** What the network says, with the points and the axes, as an SVG file. */
import { mix, type Palette, placeOf, STRONGEST, STRONGEST_VALUE, saidAt, ticksOf, toCSS } from "../../draw/index.ts";
import { real, type Units, unitsOf } from "../../panels/index.ts";
import {
  classesOf,
  classNamed,
  EXTENT,
  isRegression,
  type Point,
  type Scale,
  type State,
  toPlace,
} from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";
import { cells, file, label, type Place, points, shortened } from "./svg.ts";

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
    axes(unitsOf(state), colours),
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

/** Where an axis has numbers, and how they are written: whole ones or, of a table, round ones in its units. */
const ticks = (scale: Scale | undefined): readonly { readonly at: number; readonly words: string }[] =>
  scale === undefined
    ? Array.from({ length: 2 * EXTENT + 1 }, (_, i) => i - EXTENT).map((at) => ({ at, words: signed(at) }))
    : ticksOf(scale).map(({ value, words }) => ({ at: toPlace(scale, value), words }));

const signed = (value: number): string => String(value).replace("-", "−");

function axes(units: Units | undefined, { ink }: Palette): string {
  const across = (value: number): number => LEFT + placeOf(value, 0, SIZE)[0];
  const down = (value: number): number => TOP + placeOf(0, value, SIZE)[1];
  const [xs, ys] = [ticks(units?.x), ticks(units?.y)];
  const lines = [
    ...xs.map(({ at }) => `M${across(at)} ${TOP + SIZE}v5`),
    ...ys.map(({ at }) => `M${LEFT} ${down(at)}h-5`),
    `M${LEFT} ${TOP}h${SIZE}v${SIZE}h-${SIZE}z`,
  ];
  return [
    `<path fill="none" stroke="${toCSS(ink)}" stroke-opacity="0.25" d="M${LEFT} ${down(0)}h${SIZE}M${across(0)} ${TOP}v${SIZE}"/>`,
    `<path fill="none" stroke="${toCSS(ink)}" d="${lines.join("")}"/>`,
    ...xs.map(({ at, words }) => label(across(at), TOP + SIZE + 20, words)),
    ...ys.map(({ at, words }) => label(LEFT - 9, down(at) + 4.5, words, "end")),
    label(LEFT + SIZE / 2, TOP + SIZE + 40, units?.names.x ?? "x"),
    // The name of a column is longer than the margin.
    units === undefined
      ? label(12, TOP + SIZE / 2 + 4, "y")
      : `<g transform="translate(12 ${TOP + SIZE / 2}) rotate(-90)">${label(0, 0, units.names.y)}</g>`,
  ].join("\n");
}

function legend(state: State, colours: Palette): string {
  const y = TOP + SIZE + 66;
  const values = isRegression(state);
  const scale = unitsOf(state)?.target;
  const name = (target: number): string =>
    !values ? classNamed(state, target) : scale === undefined ? signed(target) : real(scale, target);
  const entries = values ? [-1, 0, 1] : Array.from({ length: classesOf(state) }, (_, label) => label);
  return entries
    .map((target, i) => {
      const x = LEFT + 8 + i * 120;
      const mark = points([[0, 0, target]], () => ({ x, y: y - 4 }), colours, { values });
      return `${mark}${label(x + 12, y, shortened(name(target)), "start")}`;
    })
    .join("\n");
}
