/** A network as the quantities of its equations: what each is, forwards and backwards, and what flows between them. */
import type { Mode } from "../../graph/mode.ts";
import type { Node } from "../../graph/node.ts";
import { checkChoice, checkOptions } from "../../tensor/options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ActivationSpec } from "../flow/layers.ts";
import { type LossFunction, type Model, requireModel } from "../subject.ts";
import { Writer } from "./network.ts";
import { type Numbers, type Outline, outlineWithNumbers } from "./outline.ts";
import { type Equation, HADAMARD, operator, SUM, type Term, TIMES } from "./terms.ts";
import { isElementwise, type LayerUnit, nodeOf, type Unit } from "./units.ts";

/** A quantity of a network for some examples. */
export interface Quantity {
  /** "z⁽¹⁾", "W⁽¹⁾"; with all its names, where it has several, as in "z⁽²⁾ = ŷ". */
  readonly text: string;
  readonly latex: string;
  /** A "value" is made by something that is no layer: a sum, a product, a function of several. */
  readonly kind: "input" | "parameter" | "preActivation" | "activation" | "value" | "target" | "loss";
  /** The layer that it belongs to: its number from 1, and its path and type in the model. */
  readonly layer?: { readonly number: number; readonly path: string; readonly type: string };
  /** The name of a parameter in `params(model)`. */
  readonly parameter?: string;
  /** The functions that make an activation, in order. */
  readonly activations: readonly ActivationSpec[];
  /** Whether it is ŷ. */
  readonly isPrediction: boolean;
  readonly value: Tensor;
  /** ∂L/∂value; undefined for targets, and inputs that are integers. */
  readonly gradient: Tensor | undefined;
  /** How it is made; none for what is given. The last one gives it. */
  readonly forward: readonly Equation[];
  /** How its gradient is made of those of the quantities that it goes into. The last one gives it. */
  readonly backward: readonly Equation[];
}

/** From a quantity to one that is made with it. */
export interface NetworkEdge {
  readonly from: Quantity;
  readonly to: Quantity;
  /**
   * What ∂L/∂to is multiplied by on its way back: W⁽²⁾ᵀ, xᵀ, (1 − tanh²(z⁽¹⁾)), 1, or the Jacobian where it is nothing
   * shorter. None where nothing comes back, as to targets.
   */
  readonly derivative: Term | undefined;
  /** Whether the multiplication is element by element. */
  readonly elementwise: boolean;
}

export interface NetworkFlow {
  /** Each after those that it is made with: the input and the parameters, what is made of them, the target, the loss. */
  readonly quantities: readonly Quantity[];
  readonly edges: readonly NetworkEdge[];
}

export interface NetworkFlowOptions {
  /** Whether layers such as dropout behave as in training, which is the default, or as in use. */
  readonly mode?: Mode;
}

/** A Jacobian of more numbers than this is not worked out: nobody reads it. */
const MOST_NUMBERS = 4096;

/**
 * The flow graph of a training step in the network's own quantities, x, W, z, a, ŷ and L, with the values and gradients of
 * `backprop` and the equations of `explain`. Nothing of the model is changed.
 *
 * @param x [batch, …]
 * @param y the targets, as the loss takes them
 * @throws TraceError unless the loss is one float scalar, TypeError and RangeError for wrong arguments and options
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { networkFlow } from "chainrule/check";
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * const { quantities } = networkFlow(dense(1, 1), meanSquaredError, tensor([[0]]), tensor([[1]]));
 * quantities.map(({ text }) => text).join(", "); // → x, W⁽¹⁾, b⁽¹⁾, z⁽¹⁾ = ŷ, y, L
 * ```
 */
export function networkFlow(
  model: Model,
  loss: LossFunction,
  x: Tensor,
  y: Tensor,
  options: NetworkFlowOptions = {},
): NetworkFlow {
  requireModel("networkFlow", model, loss, x, y);
  checkOptions("networkFlow", options, ["mode"]);
  const mode = checkChoice<Mode>("networkFlow", "mode", options.mode ?? "training", ["training", "evaluation"]);
  const outline = outlineWithNumbers(model, loss, x, y, mode);
  return new Flow(outline, outline.numbers as Numbers, new Writer(outline, loss, String, mode === "training")).of(y);
}

class Flow {
  readonly #outline: Outline;
  readonly #numbers: Numbers;
  readonly #writer: Writer;
  readonly #quantities = new Map<Node, Quantity>();

  constructor(outline: Outline, numbers: Numbers, writer: Writer) {
    [this.#outline, this.#numbers, this.#writer] = [outline, numbers, writer];
  }

  of(y: Tensor): NetworkFlow {
    const { x, output, parameters, numbers } = this.#outline;
    const { units } = this.#writer.network;
    if (x !== undefined) this.#given(x, { kind: "input" });
    for (const [node, name] of parameters)
      this.#given(node, { kind: "parameter", parameter: name, ...this.#home(node) });
    for (const unit of units) this.#made(unit);
    const target: Quantity = {
      ...NOTHING_SPECIAL,
      ...{ text: "y", latex: "y", kind: "target", value: y, gradient: undefined, forward: [], backward: [] },
    };
    const loss = this.#writer.loss();
    const one = numbers?.loss.mul(0).add(1) as Tensor;
    const left: Term = { ...partial(loss.left), shape: [], value: one };
    const last: Quantity = {
      ...NOTHING_SPECIAL,
      ...{ text: "L", latex: "L", kind: "loss", value: numbers?.loss as Tensor, gradient: one },
      ...{ forward: [loss], backward: [{ left, right: [operator("1")] }] },
    };
    const prediction = this.#quantities.get(output) as Quantity;
    return {
      quantities: [...this.#quantities.values(), target, last],
      edges: [
        ...units.flatMap((unit) => this.#edges(unit)),
        { from: prediction, to: last, derivative: this.#writer.names.gradPrediction(), elementwise: true },
        { from: target, to: last, derivative: undefined, elementwise: true },
      ],
    };
  }

  #given(node: Node, more: Pick<Quantity, "kind"> & Partial<Quantity>): void {
    const left = this.#writer.names.gradient(node);
    this.#add(node, [], [{ left, right: this.#writer.arriving(node) }], more);
  }

  #made(unit: Unit): void {
    const [writer, { output }] = [this.#writer, this.#outline];
    const { names } = writer;
    const forward = writer.forwardUnit(unit);
    const fromLoss = (node: Node): Equation[] => (node === output ? [writer.lossGradient()] : []);
    const arriving = (node: Node): Equation => ({ left: names.gradient(node), right: writer.arriving(node) });
    if (unit.kind !== "layer") {
      const { node } = unit;
      const activations = unit.kind === "function" ? unit.activations : [];
      const isOutput = unit.kind === "junction" && node === output;
      this.#add(node, forward, [...fromLoss(node), ...(isOutput ? [] : [arriving(node)])], {
        kind: unit.kind === "function" ? "activation" : "value",
        activations,
      });
      return;
    }
    const { z, a, activations } = unit.layer;
    const layer = layerOf(unit);
    const delta = [writer.delta(unit), ...writer.auxiliary(unit)];
    if (z !== a) {
      this.#add(z, forward.slice(0, -1), delta, { kind: "preActivation", layer });
      this.#add(a, forward.slice(-1), [...fromLoss(a), arriving(a)], { kind: "activation", layer, activations });
      return;
    }
    // The last equation would say that a is z.
    const before = [...fromLoss(a), arriving(a)];
    this.#add(z, forward.slice(0, -1), [...before, ...delta], { kind: "preActivation", layer });
  }

  #add(
    node: Node,
    forward: readonly Equation[],
    backward: readonly Equation[],
    more: Pick<Quantity, "kind"> & Partial<Quantity>,
  ): void {
    const [{ names }, isPrediction] = [this.#writer, node === this.#outline.output];
    const own = forward.at(-1)?.left ?? names.of(node);
    const aliases = [own, isPrediction ? names.prediction() : names.of(node)];
    const [text, latex] = (["text", "latex"] as const).map((how) =>
      [...new Set(aliases.map((t) => t[how]))].join(" = "),
    );
    this.#quantities.set(node, {
      ...NOTHING_SPECIAL,
      ...{ text: text as string, latex: latex as string, isPrediction, forward, backward: chained(backward) },
      value: this.#numbers.value(node),
      gradient: names.gradient(node).value,
      ...more,
    });
  }

  #edges(unit: Unit): NetworkEdge[] {
    const { network } = this.#writer;
    const whole = nodeOf(unit);
    const direct = [...network.directOf(unit)].map((by) => this.#edge(by, whole, unit));
    if (unit.kind !== "layer" || unit.layer.a === whole) return direct;
    const { a } = unit.layer;
    const terms = this.#writer.throughActivations(unit);
    return [...direct, this.#link(whole, a, terms, () => this.#writer.names.jacobian(activation(unit), whole))];
  }

  #edge(by: Node, whole: Node, unit: Unit): NetworkEdge {
    const uses = this.#writer.summands(unit, by);
    const [use] = uses;
    const jacobian = (): Term => this.#writer.names.jacobian(unit, by);
    if (use === undefined || uses.length > 1 || use.minus) return this.#link(by, whole, undefined, jacobian);
    return this.#link(by, whole, use.terms, jacobian);
  }

  /** @param terms what comes back along it; undefined: by the Jacobian */
  #link(by: Node, to: Node, terms: readonly Term[] | undefined, jacobian: () => Term): NetworkEdge {
    const elementwise = isElementwise(by, to);
    const made = { from: this.#quantities.get(by) as Quantity, to: this.#quantities.get(to) as Quantity, elementwise };
    const factor = terms === undefined ? undefined : factorOf(terms, this.#numbers.cotangent(to));
    // A Jacobian in an equation is a name alone.
    if (factor !== undefined && (factor.value !== undefined || factor === ONE)) return { ...made, derivative: factor };
    if (elementwise) return { ...made, derivative: { ...jacobian(), value: this.#numbers.slope(to, by) } };
    const size = made.from.value.size * made.to.value.size;
    const [value] = size > MOST_NUMBERS ? [] : this.#numbers.jacobian(to, [by]);
    return { ...made, derivative: { ...jacobian(), value } };
  }

  #home(node: Node): Pick<Quantity, "layer"> | undefined {
    const holds = (unit: Unit): unit is LayerUnit =>
      unit.kind === "layer" && Object.values(unit.layer.own).some((param) => this.#outline.nodeOf(param) === node);
    const unit = this.#writer.network.units.find(holds);
    return unit && { layer: layerOf(unit) };
  }
}

const NOTHING_SPECIAL = { activations: [], isPrediction: false };

const layerOf = ({ i, layer: { path, type } }: LayerUnit) => ({ number: i + 1, path, type });

const activation = ({ layer: { z, a, activations } }: LayerUnit): Unit => ({
  kind: "function",
  node: a,
  input: z,
  activations,
});

const partial = ({ text, latex }: Term): Term => ({
  text: `∂L/∂${text}`,
  latex: `\\frac{\\partial L}{\\partial ${latex}}`,
});

/** An equation that gives what the one before made another name is one with it: δ⁽²⁾ = ∂L/∂ŷ = …. */
function chained(equations: readonly Equation[]): Equation[] {
  const kept: Equation[] = [];
  let [first, last]: [Term | undefined, Term | undefined] = [undefined, undefined];
  for (const equation of equations) {
    const [alone] = equation.right;
    if (first !== undefined && equation.right.length === 1 && alone?.text === last?.text) {
      const { text, latex } = first;
      const left = {
        ...equation.left,
        text: `${equation.left.text} = ${text}`,
        latex: `${equation.left.latex} = ${latex}`,
      };
      kept[kept.length - 1] = { left, right: kept.at(-1)?.right ?? [] };
    } else {
      kept.push(equation);
      first = equation.left;
    }
    last = equation.left;
  }
  return kept;
}

const ONE = operator("1");
const BETWEEN: ReadonlySet<Term> = new Set([TIMES, HADAMARD, SUM]);

/** What the gradient that comes back is multiplied by; undefined if it is more than one quantity. */
function factorOf(terms: readonly Term[], back: Tensor): Term | undefined {
  const others = terms.filter((term) => !BETWEEN.has(term) && term.value !== back && !isRowsOf(term, back));
  if (others.length === terms.length) return undefined;
  if (others.length === 0) return ONE;
  return others.length === 1 ? others[0] : undefined;
}

const isRowsOf = ({ text, value }: Term, back: Tensor): boolean =>
  text.startsWith("rows(") && value?.size === back.size;
