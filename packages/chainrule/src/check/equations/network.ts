/** The forward and backward equations of a network, layer by layer. */
import { avalOf, type Node } from "../../graph/node.ts";
import type { ActivationSpec } from "../flow/layers.ts";
import { formatNumber } from "../numbers.ts";
import type { LossFunction } from "../subject.ts";
import { applied, slopeOf } from "./activations.ts";
import { type Factor, type Junction, junctionOf, type Part } from "./junction.ts";
import { equationsOfLayer, type LayerEquations } from "./layers.ts";
import { lossFormula } from "./losses.ts";
import { type FormatExtent, Names } from "./names.ts";
import type { Outline } from "./outline.ts";
import {
  type Equation,
  HADAMARD,
  latexName,
  MINUS,
  operator,
  PLUS,
  type Section,
  SUM,
  type Term,
  TIMES,
  transposed,
} from "./terms.ts";
import { isElementwise, type LayerUnit, type Network, networkOf, nodeOf, type Unit } from "./units.ts";

/** What is written about a network: forwards, then backwards; with numbers, if the outline has them. */
export function equationsOf(
  outline: Outline,
  loss: LossFunction | undefined,
  extent: FormatExtent,
  training: boolean,
): Section[] {
  const writer = new Writer(outline, loss, extent, training);
  return [
    { title: "Forward", equations: writer.forward() },
    { title: "Backward", equations: writer.backward() },
  ];
}

const ZERO = [operator("0")];

/** Writes the equations of a network, one by one. */
export class Writer {
  readonly network: Network;
  readonly names: Names;
  readonly #outline: Outline;
  readonly #loss: LossFunction | undefined;
  readonly #training: boolean;
  /** Of layers of the library that take their input and own parameters only. */
  readonly #known = new Map<Unit, LayerEquations>();
  /** What each named node goes into directly. */
  readonly #uses = new Map<Node, Unit[]>();

  constructor(outline: Outline, loss: LossFunction | undefined, extent: FormatExtent, training: boolean) {
    [this.#outline, this.#loss, this.#training] = [outline, loss, training];
    this.network = networkOf(outline);
    this.names = new Names(outline, this.network, extent);
    for (const unit of this.network.units) {
      const direct = this.network.directOf(unit);
      for (const node of direct) this.#uses.set(node, [...(this.#uses.get(node) ?? []), unit]);
      if (unit.kind !== "layer") continue;
      const own = Object.values(this.#own(unit)).map(({ node }) => node);
      const known = [...direct].every((node) => node === unit.layer.input || own.includes(node));
      const equations = known ? this.#library(unit) : undefined;
      if (equations !== undefined) this.#known.set(unit, equations);
    }
  }

  forward(): Equation[] {
    const { output } = this.#outline;
    const { units } = this.network;
    const made = units.some((unit) => unit.kind === "junction" && unit.node === output);
    return [
      ...units.flatMap((unit) => this.forwardUnit(unit)),
      ...(made ? [] : [{ left: this.names.prediction(), right: [this.names.of(output)] }]),
      this.loss(),
    ];
  }

  loss(): Equation {
    const formula =
      this.#loss === undefined ? operator("loss(ŷ, y)", "\\ell(\\hat y, y)") : lossFormula(this.#loss).value;
    return { left: { text: "L", latex: "L", shape: [], value: this.#outline.numbers?.loss }, right: [formula] };
  }

  /** ∂L/∂ŷ of the loss itself. */
  lossGradient(): Equation {
    const gradient = this.#loss === undefined ? undefined : lossFormula(this.#loss).gradient;
    return {
      left: this.names.gradPrediction(),
      right: [gradient ?? operator("derivative of the loss by ŷ", "\\partial \\ell / \\partial \\hat y")],
    };
  }

  backward(): Equation[] {
    return [
      this.lossGradient(),
      ...this.network.units.toReversed().flatMap((unit) => this.#backwardUnit(unit)),
      ...this.#outsideLayers(),
    ];
  }

  /** How a unit is made; what it is made with comes before. */
  forwardUnit(unit: Unit): Equation[] {
    if (unit.kind === "junction") return [{ left: this.names.of(unit.node), right: this.#joined(unit) }];
    if (unit.kind === "function") {
      return [{ left: this.names.of(unit.node), right: this.#activated(unit.activations, this.names.of(unit.input)) }];
    }
    const { layer } = unit;
    const z = this.names.z(unit);
    return [
      ...(this.#known.get(unit)?.forward ?? [{ left: z, right: this.#ownLayer(unit) }]),
      // Where no activation follows, z and a are one node, which is called a in what follows.
      { left: this.names.of(layer.a), right: this.#activated(layer.activations, z) },
    ];
  }

  /** z = Type( input, other ; parameters ) */
  #ownLayer(unit: LayerUnit): Term[] {
    const { parameters } = this.#outline;
    const direct = [...this.network.directOf(unit)].toSorted((p, q) => p.id - q.id);
    const inputs = direct.filter((node) => !parameters.has(node)).map((node) => this.names.of(node));
    const given = direct.filter((node) => parameters.has(node)).map((node) => this.names.of(node));
    const { type } = unit.layer;
    return [
      operator(`${type}(`, `\\operatorname{${latexName(type)}}(`),
      ...separated(inputs),
      operator(";"),
      ...separated(given),
      operator(")"),
    ];
  }

  /** dropout(tanh( z )) */
  #activated(activations: readonly ActivationSpec[], z: Term): Term[] {
    if (activations.length === 0) return [z];
    const { text, latex } = applied(activations, { text: "@", latex: "@" });
    const [[before = "", after = ""], [first = "", last = ""]] = [text.split("@"), latex.split("@")];
    return [operator(before, first), z, operator(after, last)];
  }

  #junction(unit: Unit): Junction {
    return junctionOf(nodeOf(unit), (node) => this.network.isNamed(node));
  }

  /** u = a + a */
  #joined(unit: Unit): Term[] {
    const junction = this.#junction(unit);
    const term = (node: Node): Term => this.names.of(node);
    if (junction.kind === "sum") return sum(junction.parts.map(({ times, part }) => scaled(times, this.#part(part))));
    const direct = [...this.network.directOf(unit)].toSorted((p, q) => p.id - q.id).map(term);
    if (junction.kind === "concatenate") {
      return [operator("concat(", "\\operatorname{concat}("), ...separated(junction.parts.map(term)), operator(")")];
    }
    if (direct.length === 0) return [operator("a constant", "\\text{a constant}")];
    return [operator("f(", "f("), ...separated(direct), operator(")")];
  }

  #backwardUnit(unit: Unit): Equation[] {
    if (unit.kind !== "layer") {
      // What comes back to ŷ is the derivative of the loss, which stands first.
      if (unit.node === this.#outline.output && !this.#uses.has(unit.node) && unit.kind === "junction") return [];
      return [{ left: this.names.gradient(unit.node), right: this.arriving(unit.node) }];
    }
    const { a } = unit.layer;
    return [
      { left: this.names.gradient(a), right: this.arriving(a) },
      this.delta(unit),
      ...this.#gradients(unit),
      ...this.auxiliary(unit),
    ];
  }

  /** δ = ∂L/∂z */
  delta(unit: LayerUnit): Equation {
    const { z, a } = unit.layer;
    const others = a === z ? [] : (this.#uses.get(z) ?? []).flatMap((other) => this.summands(other, z));
    return { left: this.names.delta(unit), right: sum([plain(this.throughActivations(unit)), ...others]) };
  }

  /** What comes back to z from the activation. */
  throughActivations(unit: LayerUnit): Term[] {
    const { z, a, activations } = unit.layer;
    const back = this.names.gradient(a);
    return a === z ? [back] : this.#through(activations, z, a, back, () => this.#activationJacobian(unit));
  }

  /** What the gradients behind a layer need besides δ. */
  auxiliary(unit: LayerUnit): readonly Equation[] {
    return this.#known.get(unit)?.backward ?? [];
  }

  /** ∂L/∂v: the sum of what comes back from each use. */
  arriving(node: Node): Term[] {
    const terms: Summand[] = node === this.#outline.output ? [plain([this.names.gradPrediction()])] : [];
    for (const unit of this.#uses.get(node) ?? []) terms.push(...this.summands(unit, node));
    return terms.length === 0 ? ZERO : sum(terms);
  }

  /** What comes back from a unit to one of the nodes that it is made of, for each of its uses there. */
  summands(unit: Unit, by: Node): Summand[] {
    if (unit.kind === "layer") {
      const known = this.#known.get(unit);
      if (known === undefined) return [plain(this.#byJacobian(unit, by))];
      const own = Object.entries(this.#own(unit)).filter(([, { node }]) => node === by);
      const given = own.map(([field]) => plain([...(known.gradients[field] ?? ZERO)]));
      return by === unit.layer.input ? [plain([...known.input]), ...given] : given;
    }
    const back = this.names.gradient(unit.node);
    if (unit.kind === "function") {
      return [plain(this.#through(unit.activations, unit.input, unit.node, back, () => this.#byJacobian(unit, by)))];
    }
    const junction = this.#junction(unit);
    if (junction.kind === "sum") {
      return junction.parts.flatMap(({ times, part }) => {
        const terms = this.#backToPart(part, by, back);
        return terms === undefined ? [] : [scaled(times, terms)];
      });
    }
    if (junction.kind === "concatenate") return [plain([this.#slice(unit, junction.parts, junction.axis, by)])];
    return [plain(this.#byJacobian(unit, by))];
  }

  #part(part: Part): Term[] {
    if (part.kind === "value" || part.kind === "bias") return [this.names.of(part.node)];
    if (part.kind === "hadamard") {
      const [p, q] = part.factors;
      return [this.names.of(p), HADAMARD, this.names.of(q)];
    }
    const [left, right] = part.factors.map((factor) => this.#factor(factor, false));
    return [left as Term, TIMES, right as Term];
  }

  #factor({ node, transposed: turned }: Factor, turn: boolean): Term {
    return turned !== turn ? transposed(this.names.of(node)) : this.names.of(node);
  }

  /** What comes back from a term of a sum; undefined if the node is not in it. For C = A·B: Ċ·Bᵀ to A, Aᵀ·Ċ to B. */
  #backToPart(part: Part, by: Node, back: Term): Term[] | undefined {
    if (part.kind === "value") return part.node === by ? [back] : undefined;
    if (part.kind === "bias") return part.node === by ? [SUM, back] : undefined;
    if (part.kind === "hadamard") {
      const [p, q] = part.factors;
      return p === by || q === by ? [back, HADAMARD, this.names.of(by === p ? q : p)] : undefined;
    }
    const [left, right] = part.factors;
    if (left.node === by) {
      return left.transposed
        ? [this.#factor(right, false), TIMES, transposed(back)]
        : [back, TIMES, this.#factor(right, true)];
    }
    if (right.node !== by) return undefined;
    return right.transposed
      ? [transposed(back), TIMES, this.#factor(left, false)]
      : [this.#factor(left, true), TIMES, back];
  }

  #byJacobian(unit: Unit, by: Node): Term[] {
    const back = unit.kind === "layer" ? this.names.delta(unit) : this.names.gradient(unit.node);
    return [this.names.jacobian(unit, by), TIMES, back];
  }

  #activationJacobian({ layer: { z, a, activations } }: LayerUnit): Term[] {
    return this.#byJacobian({ kind: "function", node: a, input: z, activations }, z);
  }

  /** ∂L/∂u₁[:, 0:3]: the part of a concatenation that came from one of its inputs. */
  #slice(unit: Unit, parts: readonly Node[], axis: number, by: Node): Term {
    const whole = this.names.gradient(nodeOf(unit));
    const sizes = parts.map((node) => avalOf(node).shape[axis] as number);
    const start = sizes.slice(0, parts.indexOf(by)).reduce((a, b) => a + b, 0);
    const end = start + (sizes[parts.indexOf(by)] as number);
    const range = [...avalOf(by).shape.keys()].map((k) => (k === axis ? `${start}:${end}` : ":")).join(", ");
    return {
      text: `${whole.text}[${range}]`,
      latex: `\\left(${whole.latex}\\right)_{${range}}`,
      shape: this.names.extents(avalOf(by).shape),
      value: whole.value?.slice(axis, start, end),
    };
  }

  /** Back through functions from `from` to `to`, by their derivative where they work element by element. */
  #through(activations: readonly ActivationSpec[], from: Node, to: Node, back: Term, otherwise: () => Term[]): Term[] {
    const z = this.names.of(from);
    const slope = slopeOf(activations, z, isElementwise(from, to));
    if (slope?.text === "1") return [back];
    if (slope !== undefined) {
      return [back, HADAMARD, { ...z, ...slope, value: this.#outline.numbers?.slope(to, from) }];
    }
    const type = activations.length === 1 ? activations[0]?.type : undefined;
    const a = this.names.of(to);
    if (type === "softmax") {
      return [a, HADAMARD, operator("("), back, operator("− Σⱼ", "- \\sum_j"), a, HADAMARD, back, operator(")")];
    }
    if (type === "logSoftmax") {
      return [back, operator("− exp(", "- \\exp("), a, operator(") ⊙ Σⱼ", ") \\odot \\sum_j"), back];
    }
    if (type === "flatten") return [operator("reshape(", "\\operatorname{reshape}("), back, operator(")")];
    return otherwise();
  }

  /** Those of parameters that are called after this layer. */
  #gradients(unit: LayerUnit): Equation[] {
    return Object.values(this.#own(unit))
      .filter(({ node }) => this.#home(node) === unit)
      .map(({ node }) => ({ left: this.names.gradient(node), right: this.arriving(node) }));
  }

  /** The first layer that holds a parameter. */
  #home(node: Node): LayerUnit | undefined {
    const holders = this.network.units.filter(
      (unit): unit is LayerUnit => unit.kind === "layer" && Object.values(this.#own(unit)).some((p) => p.node === node),
    );
    return holders.toSorted((p, q) => p.i - q.i)[0];
  }

  /** Parameters that no layer holds which is called by itself. */
  #outsideLayers(): Equation[] {
    return [...this.#outline.parameters.keys()]
      .filter((node) => this.#home(node) === undefined)
      .map((node) => ({ left: this.names.gradient(node), right: this.arriving(node) }));
  }

  #own({ layer }: LayerUnit): Record<string, { readonly node: Node }> {
    return Object.fromEntries(
      Object.entries(layer.own).flatMap(([field, param]) => {
        const node = this.#outline.nodeOf(param);
        return node === undefined ? [] : [[field, { node }]];
      }),
    );
  }

  #library(unit: LayerUnit): LayerEquations | undefined {
    const { layer } = unit;
    return equationsOfLayer(layer, {
      input: this.names.of(layer.input),
      z: this.names.z(unit),
      delta: this.names.delta(unit),
      own: Object.fromEntries(Object.entries(this.#own(unit)).map(([field, { node }]) => [field, this.names.of(node)])),
      inputShape: avalOf(layer.input).shape,
      zShape: avalOf(layer.z).shape,
      training: this.#training,
      extents: (shape) => this.names.extents(shape),
      quantity: (...args) => this.names.quantity(unit, ...args),
    });
  }
}

/** A part of a sum. */
export interface Summand {
  readonly terms: Term[];
  readonly minus: boolean;
}

const plain = (terms: Term[]): Summand => ({ terms, minus: false });

function scaled(times: number, terms: Term[]): Summand {
  const size = Math.abs(times);
  return { terms: size === 1 ? terms : [operator(formatNumber(size)), TIMES, ...terms], minus: times < 0 };
}

function sum(summands: readonly Summand[]): Term[] {
  return summands.flatMap(({ terms, minus }, k) => {
    if (k === 0) return minus ? [MINUS, ...terms] : terms;
    return [minus ? MINUS : PLUS, ...terms];
  });
}

const separated = (terms: readonly Term[]): Term[] =>
  terms.flatMap((term, k) => (k === 0 ? [term] : [operator(","), term]));
