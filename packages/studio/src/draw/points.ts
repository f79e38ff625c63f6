/** Examples on the picture. */
import { EXTENT, type Point } from "../state/index.ts";
import { type Colour, mix, type Palette, toCSS } from "./colours.ts";

/** Classes differ in shape too: the outline of each around 0, as SVG writes it. */
const SHAPES: readonly ((r: number) => string)[] = [
  circle,
  (r) =>
    `M${hundredths(-0.88 * r)} ${hundredths(-0.88 * r)}h${hundredths(1.76 * r)}v${hundredths(1.76 * r)}h${hundredths(-1.76 * r)}z`,
  (r) => polygon(3, 1.3 * r),
  (r) => polygon(4, 1.25 * r),
  (r) => polygon(5, 1.15 * r),
];

const hundredths = (value: number): number => Math.round(value * 100) / 100;

function circle(r: number): string {
  const [radius, across] = [hundredths(r), hundredths(2 * r)];
  return `M${-radius} 0a${radius} ${radius} 0 1 0 ${across} 0a${radius} ${radius} 0 1 0 ${-across} 0z`;
}

function polygon(corners: number, r: number): string {
  const places = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
    return `${hundredths(r * Math.cos(angle))} ${hundredths(r * Math.sin(angle))}`;
  });
  return `M${places.join("L")}z`;
}

/** The outline of the points of a class, or of all values. */
export const shapeOf = (target: number, values: boolean, radius: number): string =>
  (SHAPES[values ? 0 : target] ?? circle)(radius);

/** The colour of a class or of a value. */
export const colourOf = (target: number, values: boolean, { paper, ink, ...colours }: Palette): Colour =>
  values
    ? mix(paper, target < 0 ? colours.negative : colours.positive, Math.abs(target))
    : (colours.classes[target] ?? ink);

export interface PointStyle {
  readonly radius: number;
  /** Test points are hollow. */
  readonly hollow?: boolean;
  /** Values of a regression in place of classes. */
  readonly values?: boolean;
  /** The visitor's own have a ring. */
  readonly ringed?: boolean;
  /** Where each point is drawn, in place of its x and y; undefined for nowhere. */
  readonly at?: (index: number) => readonly [across: number, down: number] | undefined;
}

/** Draws points on a canvas, whose side is `side` in the units of the radius. */
export function paintPoints(
  context: CanvasRenderingContext2D,
  side: number,
  points: readonly Point[],
  colours: Palette,
  { radius, hollow = false, values = false, ringed = false, at }: PointStyle,
): void {
  const { paper, ink } = colours;
  const outlines = new Map<number, Path2D>();
  const ring = new Path2D(circle(1.9 * radius));
  points.forEach(([x, y, target], i) => {
    const place = at === undefined ? placeOf(x, y, side) : at(i);
    if (place === undefined) return;
    context.save();
    context.translate(...place);
    const outline = outlines.get(values ? 0 : target) ?? new Path2D(shapeOf(target, values, radius));
    outlines.set(values ? 0 : target, outline);
    const colour = toCSS(colourOf(target, values, colours));
    context.fillStyle = hollow ? toCSS(paper) : colour;
    context.strokeStyle = hollow ? colour : toCSS(values ? ink : paper);
    context.lineWidth = hollow ? radius / 1.6 : Math.max(0.75, radius / 4);
    context.fill(outline);
    context.stroke(outline);
    if (ringed) {
      context.lineWidth = radius / 3;
      context.strokeStyle = toCSS(ink);
      context.stroke(ring);
    }
    context.restore();
  });
}

/** The place of x and y in a picture, across and down. */
export const placeOf = (x: number, y: number, side: number): [number, number] => [
  ((x / EXTENT + 1) / 2) * side,
  ((1 - y / EXTENT) / 2) * side,
];

/** x and y of a place in a picture, its position given as shares of the sides; with two decimals. */
export const pointAt = (across: number, down: number): readonly [x: number, y: number] => [
  tidy(EXTENT * (2 * across - 1)),
  tidy(EXTENT * (1 - 2 * down)),
];

const tidy = (value: number): number => Math.max(-EXTENT, Math.min(EXTENT, Math.round(value * 100) / 100)) + 0;

/** The lines on which one of two values is 0. @param x across @param y down */
export function paintAxes(
  context: CanvasRenderingContext2D,
  side: number,
  x: number,
  y: number,
  { ink }: Palette,
): void {
  context.strokeStyle = toCSS(ink);
  context.globalAlpha = 0.25;
  context.lineWidth = side / 500;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, side);
  context.moveTo(0, y);
  context.lineTo(side, y);
  context.stroke();
  context.globalAlpha = 1;
}
