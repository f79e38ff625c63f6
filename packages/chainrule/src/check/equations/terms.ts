/** Equations as rows of terms, and how they are set: as text with the shapes below, or as LaTeX. */
import type { NestedArray, Tensor } from "../../tensor/tensor.ts";
import { formatNumber, formatTensor } from "../numbers.ts";

/** Something that is written in an equation: a quantity with its shape, or an operator. */
export interface Term {
  readonly text: string;
  readonly latex: string;
  /** "n", the batch, stands for itself. */
  readonly shape?: readonly string[];
  readonly value?: Tensor | undefined;
}

/** The first term is the left side; the operators stand between the others. */
export interface Equation {
  readonly left: Term;
  readonly right: readonly Term[];
}

export interface Section {
  readonly title: string;
  readonly equations: readonly Equation[];
}

export const operator = (text: string, latex = text): Term => ({ text, latex });

export const PLUS = operator("+");
export const MINUS = operator("−", "-");
export const TIMES = operator("·", "\\cdot");
export const HADAMARD = operator("⊙", "\\odot");
/** Over the examples. */
export const SUM = operator("Σₙ", "\\sum_n");
const EQUALS = operator("=");

/** ∂L/∂(term), without its value. */
export const partialOf = (term: Term): Term => ({
  text: `∂L/∂${term.text}`,
  latex: `\\frac{\\partial L}{\\partial ${term.latex}}`,
  ...(term.shape && { shape: term.shape }),
});

export function transposed(term: Term): Term {
  const shape = term.shape?.toReversed();
  const value = term.value !== undefined && term.value.rank === 2 ? term.value.transpose() : term.value;
  const derivative = term.text.startsWith("∂");
  return {
    text: derivative ? `(${term.text})ᵀ` : `${term.text}ᵀ`,
    latex: derivative ? `\\left(${term.latex}\\right)^{\\top}` : `{${term.latex}}^{\\top}`,
    ...(shape && { shape }),
    value,
  };
}

/** A name in a formula of LaTeX, as upright text. */
export const latexName = (name: string): string => name.replace(/[\\{}$&#^_%~]/g, (c) => (c === "\\" ? "" : `\\${c}`));

/** Sections as text: each equation, its shapes below, and its numbers, where there are any, below these. */
export const asText = (sections: readonly Section[]): string =>
  sections
    .map(({ title, equations }) => [title, "─".repeat(title.length), ...equations.flatMap(textLines)].join("\n"))
    .join("\n\n");

function textLines({ left, right }: Equation): string[] {
  const terms = [left, EQUALS, ...right];
  const shapes = terms.map(({ shape }) => (shape === undefined ? "" : `[${shape.join(", ")}]`));
  const widths = terms.map(({ text }, i) => Math.max(text.length, (shapes[i] as string).length));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => centred(cell, widths[i] as number)).join(" ")}`.trimEnd();
  const lines = [line(terms.map(({ text }) => text)), line(shapes)];
  if (left.value === undefined) return lines;
  const numbers = right.map(({ text, shape, value }) =>
    value === undefined ? (shape === undefined || text.startsWith("(") ? text : `(${text})`) : formatTensor(value),
  );
  const known = right.some(({ value }) => value !== undefined && value !== left.value);
  return [...lines, `    = ${known ? `${numbers.join(" ")}\n    = ` : ""}${formatTensor(left.value)}`];
}

function centred(cell: string, width: number): string {
  const before = (width - cell.length) >> 1;
  return " ".repeat(before) + cell.padEnd(width - before);
}

/** Sections as LaTeX: a display formula each, to be pasted into the text of a document that uses amsmath. */
export const asLatex = (sections: readonly Section[]): string =>
  sections
    .map(({ title, equations }) => {
      const lines = equations.flatMap(latexLines).map((line) => `  ${line}`);
      return [`% ${title}`, "\\[", "\\begin{aligned}", lines.join(" \\\\\n"), "\\end{aligned}", "\\]"].join("\n");
    })
    .join("\n\n");

function latexLines({ left, right }: Equation): string[] {
  const set = (terms: readonly Term[]): string => terms.map(latexTerm).join(" ");
  const lines = [`${latexTerm(left)} &= ${set(right)}`];
  if (left.value === undefined) return lines;
  const known = right.some(({ value }) => value !== undefined && value !== left.value);
  if (known)
    lines.push(`&= ${right.map(({ latex, value }) => (value === undefined ? latex : matrix(value))).join(" ")}`);
  return [...lines, `&= ${matrix(left.value)}`];
}

const latexTerm = ({ latex, shape }: Term): string =>
  shape === undefined || shape.length === 0 ? latex : `\\underset{${shape.join(" \\times ")}}{${latex}}`;

/** Rows and columns of a matrix that are set. */
const MOST = 8;

/** A tensor as a matrix, its leading axes as one; of long ones the beginning. */
function matrix(t: Tensor): string {
  const columns = t.shape.at(-1) ?? 1;
  if (t.rank === 0) return latexNumber(t.arraySync());
  const rows = t.reshape([-1, Math.max(1, columns)]).arraySync() as NestedArray[][];
  const set = rows
    .slice(0, MOST)
    .map((row) => [...row.slice(0, MOST).map(latexNumber), ...(row.length > MOST ? ["\\cdots"] : [])]);
  const lines = [...set.map((row) => row.join(" & ")), ...(rows.length > MOST ? ["\\vdots"] : [])];
  return `\\begin{pmatrix} ${lines.join(" \\\\ ")} \\end{pmatrix}`;
}

export const latexNumber = (value: NestedArray): string =>
  typeof value === "number"
    ? formatNumber(value)
        .replaceAll("−", "-")
        .replace("∞", "\\infty")
        .replace(/e\+?(-?\d+)$/, " \\cdot 10^{$1}")
    : `${value}`;
