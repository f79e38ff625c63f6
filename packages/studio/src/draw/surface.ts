/** Values on a grid as pictures. */
import { certainty, decide } from "../engine/index.ts";
import type { Colour, Palette } from "./colours.ts";

/** The strongest colour of a surface lets the points on it be seen. */
export const STRONGEST = 0.72;
/** That of values has to be told from that of half a value. */
export const STRONGEST_VALUE = 0.8;

/** More shades than eyes tell apart. */
const SHADES = 128;

/** From the paper (0) to a colour (SHADES), as pixels. Sixty times a second, mixing colours cell by cell would take too long. */
function shadesOf(paper: Colour, colour: Colour, strongest: number): Uint32Array {
  const shades = new Uint32Array(SHADES + 1);
  const bytes = new Uint8ClampedArray(shades.buffer);
  for (let shade = 0; shade <= SHADES; shade++) {
    const share = (shade / SHADES) * strongest;
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [paper[channel] as number, colour[channel] as number];
      bytes[4 * shade + channel] = from + (to - from) * share;
    }
    bytes[4 * shade + 3] = 255;
  }
  return shades;
}

/** The shades of one look, made once for many pictures. */
function remember<A extends readonly unknown[]>(make: (colours: Palette, ...options: A) => readonly Uint32Array[]) {
  const made = new WeakMap<Palette, Map<string, readonly Uint32Array[]>>();
  return (colours: Palette, ...options: A): readonly Uint32Array[] => {
    const looks = made.get(colours) ?? new Map<string, readonly Uint32Array[]>();
    made.set(colours, looks);
    const key = options.join();
    const found = looks.get(key) ?? make(colours, ...options);
    looks.set(key, found);
    return found;
  };
}

const signs = remember(({ paper, negative, positive, back }, strongest: number, gradients: boolean) =>
  (gradients ? back : [negative, positive]).map((colour) => shadesOf(paper, colour, strongest)),
);
const classShades = remember(({ paper, classes }) => classes.map((colour) => shadesOf(paper, colour, STRONGEST)));

/** The picture of a canvas as pixels, row by row, and what shows them. */
export function pixelsOf(
  canvas: HTMLCanvasElement,
  width: number,
  height = width,
): { pixels: Uint32Array; show: () => void } | undefined {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  const image = context.createImageData(width, height);
  return { pixels: new Uint32Array(image.data.buffer), show: () => context.putImageData(image, 0, 0) };
}

export interface ValueLook {
  readonly limit?: number;
  readonly strongest?: number;
  readonly height?: number;
  /** In the colours of gradients. */
  readonly back?: boolean;
}

/**
 * Signed values, from −limit to limit; without a limit, up to the largest in size. What is no number stays paper.
 *
 * @param side cells across, and, if no other height is given, down
 */
export function paintValues(
  canvas: HTMLCanvasElement,
  side: number,
  values: Float32Array,
  colours: Palette,
  options: ValueLook = {},
): void {
  const { height = side } = options;
  const picture = pixelsOf(canvas, side, height);
  if (picture === undefined) return;
  const shades = signs(colours, options.strongest ?? 1, options.back ?? false);
  const [negative, positive] = shades as [Uint32Array, Uint32Array];
  const limit = options.limit ?? largest(values);
  const scale = SHADES / limit;
  for (let cell = 0; cell < side * height; cell++) {
    const value = values[cell] as number;
    const shade = Math.min(SHADES, Math.abs(value) * scale) | 0;
    picture.pixels[cell] = (value < 0 ? negative : positive)[shade] as number;
  }
  picture.show();
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most || 1;
}

/**
 * Probabilities of classes, [outputs, cells]. The more certain, the stronger the colour.
 *
 * @param decision whether only the most probable class counts
 */
export function paintClasses(
  canvas: HTMLCanvasElement,
  side: number,
  probabilities: Float32Array,
  colours: Palette,
  decision: boolean,
): void {
  const picture = pixelsOf(canvas, side);
  if (picture === undefined) return;
  const cells = side * side;
  const outputs = probabilities.length / cells;
  const shades = classShades(colours);
  for (let cell = 0; cell < cells; cell++) {
    const best = decide(probabilities, cell, cells, outputs);
    const share = decision ? 1 : Math.min(1, certainty(probabilities, cell, cells, outputs, best));
    picture.pixels[cell] = (shades[best] as Uint32Array)[(share * SHADES) | 0] as number;
  }
  picture.show();
}

/**
 * What outputs say at one of several places: a colour, and how much of it, from 0 to 1.
 *
 * @param outputs [outputs, places]: probabilities of classes, or values from −1 to 1
 */
export function saidAt(
  outputs: Float32Array,
  place: number,
  places: number,
  { classes, negative, positive, ink }: Palette,
  values: boolean,
): readonly [Colour, number] {
  if (values) {
    const value = outputs[place] as number;
    return [value < 0 ? negative : positive, Math.min(1, Math.abs(value)) || 0];
  }
  const count = outputs.length / places;
  const best = decide(outputs, place, places, count);
  return [classes[best] ?? ink, Math.min(1, certainty(outputs, place, places, count, best)) || 0];
}
