/** Examples on the picture. */
import { EXTENT, type Point } from "../state/index.ts";
import { type Palette, toCSS } from "./colours.ts";

/** Classes differ in shape too. */
const SHAPES: readonly ((context: CanvasRenderingContext2D, r: number) => void)[] = [
  (context, r) => context.arc(0, 0, r, 0, 2 * Math.PI),
  (context, r) => context.rect(-0.88 * r, -0.88 * r, 1.76 * r, 1.76 * r),
  (context, r) => polygon(context, 3, 1.3 * r),
  (context, r) => polygon(context, 4, 1.25 * r),
  (context, r) => polygon(context, 5, 1.15 * r),
];

function polygon(context: CanvasRenderingContext2D, corners: number, r: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
    context.lineTo(r * Math.cos(angle), r * Math.sin(angle));
  }
  context.closePath();
}

export interface PointStyle {
  readonly radius: number;
  /** Test points are hollow. */
  readonly hollow?: boolean;
  /** Values of a regression in place of classes. */
  readonly values?: boolean;
  /** The visitor's own have a ring. */
  readonly ringed?: boolean;
}

/** Draws points on a canvas, whose side is `side` in the units of the radius. */
export function paintPoints(
  context: CanvasRenderingContext2D,
  side: number,
  points: readonly Point[],
  colours: Palette,
  { radius, hollow = false, values = false, ringed = false }: PointStyle,
): void {
  const { paper, ink } = colours;
  for (const [x, y, target] of points) {
    context.save();
    context.translate(...placeOf(x, y, side));
    context.beginPath();
    (values ? SHAPES[0] : SHAPES[target])?.(context, radius);
    const value = values
      ? mix(paper, target < 0 ? colours.negative : colours.positive, Math.abs(target))
      : colours.classes[target];
    const colour = toCSS(value ?? ink);
    context.fillStyle = hollow ? toCSS(paper) : colour;
    context.strokeStyle = hollow ? colour : toCSS(values ? ink : paper);
    context.lineWidth = hollow ? radius / 1.6 : Math.max(0.75, radius / 4);
    context.fill();
    context.stroke();
    if (ringed) {
      context.beginPath();
      context.arc(0, 0, 1.9 * radius, 0, 2 * Math.PI);
      context.lineWidth = radius / 3;
      context.strokeStyle = toCSS(ink);
      context.stroke();
    }
    context.restore();
  }
}

const mix = (from: Palette["ink"], to: Palette["ink"], share: number): Palette["ink"] =>
  from.map((channel, i) => channel + ((to[i] as number) - channel) * share) as [number, number, number];

const placeOf = (x: number, y: number, side: number): [number, number] => [
  ((x / EXTENT + 1) / 2) * side,
  ((1 - y / EXTENT) / 2) * side,
];

/** x and y of a place in a picture, its position given as shares of the sides; with two decimals. */
export const pointAt = (across: number, down: number): readonly [x: number, y: number] => [
  tidy(EXTENT * (2 * across - 1)),
  tidy(EXTENT * (1 - 2 * down)),
];

const tidy = (value: number): number => Math.max(-EXTENT, Math.min(EXTENT, Math.round(value * 100) / 100)) + 0;
