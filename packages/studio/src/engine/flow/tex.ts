/** Equations of the library in TeX. */
import type { Tensor } from "chainrule";
import type { Equation, Term } from "chainrule/check";
import { numbersOf } from "./numbers.ts";
import type { Line } from "./trace.ts";

/** Rows and columns up to which a matrix is written out; of a larger one, these less one. */
const MOST = 4;

/** Three digits, as they are read; −0.0000123 is −1.23 · 10⁻⁵. */
function numberTex(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "\\text{NaN}" : value > 0 ? "\\infty" : "-\\infty";
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(rounded);
  const [digits, exponent] = rounded.toExponential().split("e") as [string, string];
  return `${digits} \\cdot 10^{${Number(exponent)}}`;
}

export interface MatrixOptions {
  /** Whether it stands in brackets already. */
  readonly bare?: boolean;
}

/** A tensor's numbers as a matrix; one number alone as that. */
export function matrixTex(t: Tensor, { bare = false }: MatrixOptions = {}): string {
  const { rows, columns, shownColumns, values } = numbersOf(t, { rows: MOST, columns: MOST });
  const at = (row: number, column: number): string => numberTex(values[row * shownColumns + column] as number);
  if (rows * columns === 1) return bare || !(values[0]! < 0) ? at(0, 0) : `(${at(0, 0)})`;
  const [width, height] = [columns > MOST ? MOST - 1 : columns, rows > MOST ? MOST - 1 : rows];
  const lines = Array.from({ length: height }, (_, row) => {
    const numbers = Array.from({ length: width }, (_, column) => at(row, column));
    return [...numbers, ...(columns > MOST ? ["\\cdots"] : [])].join(" & ");
  });
  const kind = bare ? "matrix" : "pmatrix";
  return `\\begin{${kind}} ${[...lines, ...(rows > MOST ? ["\\vdots"] : [])].join(" \\\\ ")} \\end{${kind}}`;
}

/** [1 × 2] in place of a quantity. */
const shapeTex = ({ latex, shape }: Term): string =>
  shape === undefined || shape.length === 0 ? latex : `[${shape.join(" {\\times} ")}]`;

/** W^{(2)\top}, as it is mostly set, for {W^{(2)}}^{\top}. */
export const tidy = (latex: string): string =>
  latex
    .replace(/\{([^{}]+)\^\{(\(\d+\))\}\}\^\{\\top\}/g, "$1^{$2\\top}")
    .replace(/\{([a-z])\}\^\{\\top\}/g, "$1^{\\top}");

/** An equation of the library. @param filled writes the numbers of a term that has none itself, such as the loss of ŷ and y */
export function lineOf({ left, right }: Equation, filled: (latex: string) => string = (latex) => latex): Line {
  const numbers = right.map(({ latex, value }, i) => {
    if (value === undefined) return filled(latex);
    return matrixTex(value, { bare: /\($/.test(right[i - 1]?.latex ?? "") && right[i + 1]?.latex.startsWith(")") });
  });
  const known =
    numbers.some((text, i) => text !== right[i]?.latex) && !(right.length === 1 && right[0]?.value !== undefined);
  const shaped = right.some(({ shape }) => shape !== undefined && shape.length > 0);
  // What is made of itself is changed: v ← βv + g.
  const relation = right.some(({ latex }) => latex === left.latex) ? "\\leftarrow" : "=";
  return {
    symbols: `${tidy(left.latex)} ${relation} ${right.map(({ latex }) => tidy(latex)).join(" ")}`,
    shapes: shaped ? `${shapeTex(left)} = ${right.map(shapeTex).join(" ")}` : "",
    numbers: known ? `= ${numbers.join(" ")}` : "",
    result: left.value === undefined ? "" : `= ${matrixTex(left.value)}`,
  };
}

/** Fills numbers into a formula of ŷ and y; e(y) has a 1 for the class and else 0. */
export const fillIn = (prediction: Tensor, target: Tensor) => {
  const classes = target.dtype === "int32" && prediction.rank === 2 && target.rank === 1;
  const wanted = classes ? target.oneHot(prediction.shape[1] as number) : target;
  const [examples, all] = [prediction.shape[0] ?? 1, prediction.size];
  return (latex: string): string =>
    latex.replace(/e\(y\)|\\hat y|(?<![\\a-zA-Z])[yNn](?![a-zA-Z])/g, (found) => {
      if (found === "N") return `{${all}}`;
      if (found === "n") return `{${examples}}`;
      return matrixTex(found === "\\hat y" ? prediction : wanted);
    });
};
