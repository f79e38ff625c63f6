/** What a gradient check found. */

import { checkOptions, describeValue } from "../tensor/options.ts";
import { textTable } from "../tensor/table.ts";
import type { Line } from "./differences.ts";
import { type EpsilonSweep, epsilonSweep } from "./sweep.ts";
import type { Comparison } from "./verdict.ts";

export interface GradcheckEntry extends Comparison {
  /** The parameter's name. */
  readonly name: string;
  /** The element, counted in row-major order, and as a position in the parameter's shape; −1 for a random direction. */
  readonly index: number;
  readonly position: readonly number[];
  /** 1: a first derivative; 2: an element of the Hessian times a random vector. */
  readonly order: 1 | 2;
  /** "data loss" or "regularizer" where these are checked apart, else "". */
  readonly part: string;
}

export type { Comparison } from "./verdict.ts";

/** What is wanted of a report; what is left out may be anything. */
export interface GradcheckSelection {
  readonly name?: string;
  readonly part?: string;
  readonly order?: 1 | 2;
}

/** Elements that the table shows unless told otherwise. */
const SHOWN = 10;

/** An entry with the line along which it was checked. */
type Found = GradcheckEntry & { readonly line: Line };

/** The comparison of every checked element, worst first, and of whole parameters along random directions. */
export class GradcheckReport {
  readonly entries: readonly GradcheckEntry[];
  /** Each moves all elements of a parameter at once, by +h or −h: what was not sampled is checked by them. */
  readonly directions: readonly GradcheckEntry[];
  readonly tolerance: number;

  /** @internal */
  constructor(entries: readonly GradcheckEntry[], tolerance: number, directions: readonly GradcheckEntry[] = []) {
    this.entries = worstFirst(entries);
    this.directions = worstFirst(directions);
    this.tolerance = tolerance;
  }

  /** Whether no element and no direction is wrong. */
  get passed(): boolean {
    return this.wrong.length === 0;
  }

  /** The names of the parameters whose gradients are wrong, worst first. */
  get wrong(): readonly string[] {
    const all = worstFirst([...this.entries, ...this.directions]);
    return [...new Set(all.filter(({ verdict }) => verdict === "wrong").map(({ name }) => name))];
  }

  /** The largest relative error of the elements checked; 0 if there are none. */
  get maxRelativeError(): number {
    return this.entries[0]?.relativeError ?? 0;
  }

  /**
   * The report of one parameter, part or order alone: `report.only({ part: "regularizer" }).passed`.
   *
   * @throws TypeError for an unknown key; RangeError if nothing of that kind was checked
   */
  only(selection: GradcheckSelection): GradcheckReport {
    checkOptions("only", selection, ["name", "part", "order"]);
    const { name, part, order } = selection;
    const wanted = (entry: GradcheckEntry): boolean =>
      (name === undefined || entry.name === name) &&
      (part === undefined || entry.part === part) &&
      (order === undefined || entry.order === order);
    const entries = this.entries.filter(wanted);
    if (entries.length === 0 && this.entries.length > 0) {
      const all = (of: (entry: GradcheckEntry) => unknown): string => [...new Set(this.entries.map(of))].join(", ");
      throw new RangeError(
        `only: nothing of ${JSON.stringify(selection)} was checked. There are the parameters ${all((e) => e.name)}; ` +
          `the parts ${all((e) => JSON.stringify(e.part))}; the orders ${all((e) => e.order)}.`,
      );
    }
    return new GradcheckReport(entries, this.tolerance, this.directions.filter(wanted));
  }

  /**
   * The difference quotient of one element at steps from 0.1 to 10⁻¹⁵: truncation grows with the step and round-off with its
   * inverse.
   *
   * @param position of an element that was checked, such as [0, 2]; the first that was, if left out
   * @throws TypeError for a position that is no array; RangeError if it was not checked
   */
  sweep(name: string, position?: readonly number[]): EpsilonSweep {
    if (position !== undefined && !Array.isArray(position)) {
      throw new TypeError(`sweep: the position must be an array such as [0, 2]; it is ${describeValue(position)}.`);
    }
    const found = this.entries.find(
      (entry) => entry.name === name && (position === undefined || entry.position.join() === position.join()),
    );
    if (found !== undefined) return epsilonSweep((found as Found).line, found.analytic);
    const what = position === undefined ? name : `${name}[${position.join(", ")}]`;
    throw new RangeError(
      `sweep: ${what} is not among the elements checked. There are ${this.entries.slice(0, 8).map(titleOf).join(", ")}` +
        `${this.entries.length > 8 ? ", …" : ""}.`,
    );
  }

  /** The worst `rows` elements as a table: names, the values by reverse mode, differences and forward mode, the relative error. */
  table(rows = SHOWN): string {
    return tableOf(this.entries.slice(0, rows));
  }

  /** One line with the verdict, one for each part and order where there are several, then the table. */
  toString(): string {
    const apart = [...new Set(this.entries.map(groupOf))].sort();
    const groups = apart.map((group) => {
      const [first] = this.entries.filter((entry) => groupOf(entry) === group);
      const { part, order } = first as GradcheckEntry;
      return `${group}: ${this.only({ part, order }).#summary()}`;
    });
    // Where elements are wrong, so are the directions they lie in, which says nothing new.
    const known = new Set(this.entries.filter(({ verdict }) => verdict === "wrong").map(({ name }) => name));
    const failing = this.directions.filter(({ verdict, name }) => verdict === "wrong" && !known.has(name));
    const lines =
      apart.length > 1 ? [`Gradient check ${this.#result()}.`, ...groups] : [`Gradient check ${this.#summary()}`];
    const along = failing.length > 0 ? ["Along random directions:", tableOf(failing)] : [];
    const cut = this.entries.length > SHOWN ? [`(the ${SHOWN} worst of ${this.entries.length} elements)`] : [];
    return [...lines, this.table(), ...cut, ...along].join("\n");
  }

  #result(): string {
    return this.passed ? "passed" : `FAILED for ${this.wrong.join(", ")}`;
  }

  #summary(): string {
    const count = (verdict: string): number => this.entries.filter((entry) => entry.verdict === verdict).length;
    const total = this.entries.length;
    if (!this.passed) {
      return `${this.#result()}: ${count("wrong")} of ${total} elements differ by more than ${this.tolerance}.`;
    }
    const remarks = [
      `${total} element${total === 1 ? "" : "s"}`,
      `largest relative error ${this.maxRelativeError.toExponential(1)}`,
      ...(count("kink") > 0 ? [`${count("kink")} at kinks`] : []),
      ...(count("jump") > 0 ? [`${count("jump")} at jumps`] : []),
      ...(count("unresolved") > 0 ? [`${count("unresolved")} not resolved`] : []),
    ];
    return `passed: ${remarks.join(", ")}.`;
  }
}

const groupOf = ({ part, order }: GradcheckEntry): string =>
  [...(part === "" ? [] : [part]), order === 2 ? "second order" : "first order"].join(", ");

/** Wrong ones first, then by their relative error. */
function worstFirst(entries: readonly GradcheckEntry[]): GradcheckEntry[] {
  const badness = ({ relativeError, verdict }: GradcheckEntry): number =>
    Number.isNaN(relativeError) ? Number.POSITIVE_INFINITY : relativeError + (verdict === "wrong" ? 1e300 : 0);
  return entries.toSorted((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a)));
}

function titleOf({ name, index, position, order }: GradcheckEntry): string {
  const element = index < 0 ? `${name}·direction` : position.length === 0 ? name : `${name}[${position.join(", ")}]`;
  return order === 2 ? `H·v ${element}` : element;
}

function tableOf(entries: readonly GradcheckEntry[]): string {
  const head = ["element", "analytic", "numeric", "forward", "error", "bound", "verdict"];
  const parts = new Set(entries.map(({ part }) => part)).size > 1;
  const rows = entries.map((entry) => [
    `${parts ? `${entry.part} ` : ""}${titleOf(entry)}`,
    ...[entry.analytic, entry.numeric, entry.forward].map((value) => value.toExponential(3)),
    entry.relativeError.toExponential(1),
    entry.bound.toExponential(1),
    entry.verdict,
  ]);
  return textTable(head, rows, [0]);
}
