/** Pieces of SVG files: vectors that any program opens, without scripts and without what is fetched. */
import { type Colour, colourOf, type Palette, shapeOf, toCSS } from "../../draw/index.ts";
import type { Point } from "../../state/index.ts";

/** A whole file. @param title what a person who does not see it is told */
export const file = (width: number, height: number, title: string, { paper, ink }: Palette, parts: readonly string[]) =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `font-family="system-ui, sans-serif" font-size="13" fill="${toCSS(ink)}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${toCSS(paper)}"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");

export const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A name that has room. */
export const short = (name: string): string => (name.length > 16 ? `${[...name].slice(0, 15).join("")}…` : name);

export const label = (x: number, y: number, text: string, anchor: "start" | "middle" | "end" = "middle"): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`;

/** The cells of a square, row by row from the top left: a path for each colour, of runs of equal cells. */
export function cells(side: number, at: Place, size: number, colour: (cell: number) => Colour): string {
  const paths = new Map<string, string>();
  for (let row = 0; row < side; row++) {
    for (let first = 0; first < side; ) {
      const fill = toCSS(colour(row * side + first));
      let next = first + 1;
      while (next < side && toCSS(colour(row * side + next)) === fill) next++;
      paths.set(fill, `${paths.get(fill) ?? ""}M${first} ${row}h${next - first}v1h${first - next}z`);
      first = next;
    }
  }
  // Edges between cells must not shine through.
  const scale = Number((size / side).toFixed(6));
  return [
    `<g transform="translate(${at.x} ${at.y}) scale(${scale})" shape-rendering="crispEdges">`,
    ...[...paths].map(([fill, d]) => `<path fill="${fill}" d="${d}"/>`),
    "</g>",
  ].join("\n");
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface PointLook {
  readonly values: boolean;
  readonly hollow?: boolean;
  readonly ringed?: boolean;
}

const RADIUS = 5;
const round = (value: number): number => Math.round(100 * value) / 100;

/** Points as they are on the page. */
export function points(
  all: readonly (Point & object)[],
  at: (point: Point) => Place,
  colours: Palette,
  look: PointLook,
): string {
  const { values, hollow = false, ringed = false } = look;
  return all
    .map((point) => {
      const [, , target] = point;
      const { x, y } = at(point);
      const colour = toCSS(colourOf(target, values, colours));
      const [fill, stroke] = hollow
        ? [toCSS(colours.paper), colour]
        : [colour, toCSS(values ? colours.ink : colours.paper)];
      const place = `transform="translate(${round(x)} ${round(y)})"`;
      const ring = `<circle ${place} r="${1.9 * RADIUS}" fill="none" stroke="${toCSS(colours.ink)}" stroke-width="1.5"/>`;
      return `<path ${place} d="${shapeOf(target, values, RADIUS)}" fill="${fill}" stroke="${stroke}" stroke-width="${hollow ? 2.5 : 1.2}"/>${ringed ? ring : ""}`;
    })
    .join("\n");
}
