/** The colours of data, in light and dark. */
import { signal } from "@preact/signals";

export type Colour = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly paper: Colour;
  readonly ink: Colour;
  /** Of negative and positive values. */
  readonly negative: Colour;
  readonly positive: Colour;
  readonly classes: readonly Colour[];
  /** Of negative and positive gradients. */
  readonly back: readonly [negative: Colour, positive: Colour];
}

const hex = (code: string): Colour =>
  [1, 3, 5].map((at) => Number.parseInt(code.slice(at, at + 2), 16)) as [number, number, number];

/**
 * Those of M. Okabe and K. Ito, "Color universal design", 2008, which people of every colour vision tell apart, as in the
 * reports of the command line. Class 0 has the colour of negative values and class 1 that of positive ones.
 */
const LIGHT: Palette = {
  paper: hex("#ffffff"),
  ink: hex("#1d1e20"),
  negative: hex("#d55e00"),
  positive: hex("#0072b2"),
  classes: ["#d55e00", "#0072b2", "#009e73", "#b04f86", "#8c7a00"].map(hex),
  back: [hex("#b04f86"), hex("#009e73")],
};
const DARK: Palette = {
  paper: hex("#1c1f23"),
  ink: hex("#e7e5e0"),
  negative: hex("#e69f00"),
  positive: hex("#56b4e9"),
  classes: ["#e69f00", "#56b4e9", "#2fb98a", "#e08fbe", "#f0e442"].map(hex),
  back: [hex("#e08fbe"), hex("#2fb98a")],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** That of the theme the visitor's system has. */
export const palette = signal(dark.matches ? DARK : LIGHT);
dark.addEventListener("change", () => {
  palette.value = dark.matches ? DARK : LIGHT;
});

export const toCSS = ([red, green, blue]: Colour): string => `rgb(${red} ${green} ${blue})`;

/** Between two colours. */
export const mix = (from: Colour, to: Colour, share: number): Colour =>
  from.map((channel, i) => channel + ((to[i] as number) - channel) * share) as [number, number, number];
