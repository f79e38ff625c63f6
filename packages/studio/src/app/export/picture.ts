/** What the network says, with the points and the axes, as an SVG file. */
import { mix, type Palette, placeOf, STRONGEST, STRONGEST_VALUE, saidAt, ticksOf, toCSS } from "../../draw/index.ts";
import { real, unitsOf } from "../../panels/index.ts";
import { classesOf, classNamed, isRegression, type Point, type Scale, type State, toPlace } from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";
import { cells, file, label, type Place, points, short } from "./svg.ts";

/** Cells along a side: fine enough for print. */
export const PICTURE_SIDE = 300;
/** Shades of a colour. */
const LEVELS = 16;
const [LEFT, TOP, SIZE, RIGHT, BOTTOM] = [64, 16, 600, 16, 84];

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
    axes(state, colours),
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

function axes(state: State, { ink }: Palette): string {
  const units = unitsOf(state);
  const across = (value: number): number => LEFT + placeOf(value, 0, SIZE)[0];
  const down = (value: number): number => TOP + placeOf(0, value, SIZE)[1];
  const [along, up] = [ticks(units?.x), ticks(units?.y)];
  const lines = [
    ...along.map(({ place }) => `M${across(place)} ${TOP + SIZE}v5`),
    ...up.map(({ place }) => `M${LEFT} ${down(place)}h-5`),
    `M${LEFT} ${TOP}h${SIZE}v${SIZE}h-${SIZE}z`,
  ];
  const middle = TOP + SIZE / 2;
  return [
    `<path fill="none" stroke="${toCSS(ink)}" stroke-opacity="0.25" d="M${LEFT} ${down(0)}h${SIZE}M${across(0)} ${TOP}v${SIZE}"/>`,
    `<path fill="none" stroke="${toCSS(ink)}" d="${lines.join("")}"/>`,
    ...along.map(({ place, words }) => label(across(place), TOP + SIZE + 20, words)),
    ...up.map(({ place, words }) => label(LEFT - 9, down(place) + 4.5, words, "end")),
    label(LEFT + SIZE / 2, TOP + SIZE + 40, units?.names.x ?? "x"),
    `<g transform="rotate(-90 14 ${middle})">${label(14, middle, units?.names.y ?? "y")}</g>`,
  ].join("\n");
}

/** Whole numbers, or those of a table's units. */
function ticks(scale: Scale | undefined): { place: number; words: string }[] {
  return ticksOf(scale ?? { mean: 0, deviation: 1, unit: 1 }).map(({ value, words }) => ({
    place: Number((scale === undefined ? value : toPlace(scale, value)).toFixed(4)),
    words,
  }));
}

function legend(state: State, colours: Palette): string {
  const y = TOP + SIZE + 66;
  const values = isRegression(state);
  const target = unitsOf(state)?.target;
  const entries = values ? [-1, 0, 1] : Array.from({ length: classesOf(state) }, (_, label) => label);
  const named = (value: number): string => {
    if (!values) return short(classNamed(state, value));
    return target === undefined ? String(value).replace("-", "−") : real(target, value);
  };
  const step = Math.min(150, SIZE / entries.length);
  return entries
    .map((value, i) => {
      const x = LEFT + 8 + i * step;
      const mark = points([[0, 0, value]], () => ({ x, y: y - 4 }), colours, { values });
      return `${mark}${label(x + 12, y, named(value), "start")}`;
    })
    .join("\n");
}
