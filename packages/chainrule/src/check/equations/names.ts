/** What the quantities of a network are called, with their shapes and, for an example, their values. */
import { avalOf, type Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Outline } from "./outline.ts";
import { latexName, partialOf, type Term } from "./terms.ts";
import { type LayerUnit, type Network, nodeOf, type Unit } from "./units.ts";

/** How an extent is written; the batch is "n". */
export type FormatExtent = (extent: number) => string;

const [RAISED, LOWERED] = ["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"];
const digits = (i: number, of: string): string => [...`${i + 1}`].map((d) => of[Number(d)]).join("");

/** Parameters that have a letter of their own. */
const LETTERS: Record<string, readonly [string, string]> = {
  weight: ["W", "W"],
  bias: ["b", "b"],
  gamma: ["γ", "\\gamma"],
  beta: ["β", "\\beta"],
};

type Name = readonly [text: string, latex: string];

/** Something of layer i. */
const ofLayer = ([text, latex]: Name, i: number): Name => [`${text}⁽${digits(i, RAISED)}⁾`, `${latex}^{(${i + 1})}`];

export class Names {
  readonly #names = new Map<Node, Name>();
  readonly #outline: Outline;
  readonly #extent: FormatExtent;

  constructor(outline: Outline, { units }: Network, extent: FormatExtent) {
    [this.#outline, this.#extent] = [outline, extent];
    const { x, output } = outline;
    const give = (node: Node, name: Name): void => {
      if (!this.#names.has(node)) this.#names.set(node, name);
    };
    if (x !== undefined) give(x, ["x", "x"]);
    for (const unit of units) {
      if (unit.kind !== "layer") continue;
      give(unit.layer.a, ofLayer(["a", "a"], unit.i));
      give(unit.layer.z, ofLayer(["z", "z"], unit.i));
    }
    let joined = 0;
    for (const unit of units) {
      if (unit.kind === "layer" || (unit.kind === "junction" && unit.node === output)) continue;
      give(unit.node, [`u${digits(joined, LOWERED)}`, `u_{${++joined}}`]);
    }
    give(output, PREDICTION);
    this.#nameParameters(units);
  }

  /** A parameter is called after the first layer that holds it; one that none holds keeps its name in the model. */
  #nameParameters(units: readonly Unit[]): void {
    const layers = units.filter((unit): unit is LayerUnit => unit.kind === "layer").toSorted((p, q) => p.i - q.i);
    for (const { layer, i } of layers) {
      for (const [field, param] of Object.entries(layer.own)) {
        const node = this.#outline.nodeOf(param);
        const plain: Name = [field, field.length === 1 ? latexName(field) : `\\mathrm{${latexName(field)}}`];
        if (node !== undefined && !this.#names.has(node)) this.#names.set(node, ofLayer(LETTERS[field] ?? plain, i));
      }
    }
    for (const [node, name] of this.#outline.parameters) {
      if (!this.#names.has(node)) this.#names.set(node, [name, `\\mathrm{${latexName(name)}}`]);
    }
  }

  of(node: Node): Term {
    return this.#term(this.#names.get(node) as Name, node, this.#outline.numbers?.value(node));
  }

  /** ∂L/∂node */
  gradient(node: Node): Term {
    return { ...partialOf(this.of(node)), value: this.#outline.numbers?.cotangent(node) };
  }

  z({ layer, i }: LayerUnit): Term {
    return this.#term(ofLayer(["z", "z"], i), layer.z, this.#outline.numbers?.value(layer.z));
  }

  /** δ = ∂L/∂z */
  delta({ layer, i }: LayerUnit): Term {
    return this.#term(ofLayer(["δ", "\\delta"], i), layer.z, this.#outline.numbers?.cotangent(layer.z));
  }

  prediction(): Term {
    const { output, numbers } = this.#outline;
    return this.#term(PREDICTION, output, numbers?.value(output));
  }

  gradPrediction(): Term {
    const { output, numbers } = this.#outline;
    return { ...partialOf(this.prediction()), value: numbers?.cotangent(output) };
  }

  /** Something of a layer that is no node. */
  quantity({ i }: LayerUnit, text: string, latex: string, shape: Shape, value: (() => Tensor) | undefined): Term {
    const [name, set] = ofLayer([text, ""], i);
    const inside = latex.endsWith("}") ? latex.replace(/\}$/, `^{(${i + 1})}}`) : `${latex}${set}`;
    return { text: name, latex: inside, shape: this.extents(shape), value: value?.() };
  }

  /** (∂y/∂x)ᵀ, [...x.shape, ...y.shape]: what ∂L/∂y is multiplied by. */
  jacobian(unit: Unit, by: Node): Term {
    const [y, x] = [unit.kind === "layer" ? this.z(unit) : this.of(unit.node), this.of(by)];
    return {
      text: `(∂${y.text}/∂${x.text})ᵀ`,
      latex: `\\left(\\frac{\\partial ${y.latex}}{\\partial ${x.latex}}\\right)^{\\top}`,
      shape: this.extents([...avalOf(by).shape, ...avalOf(nodeOf(unit)).shape]),
    };
  }

  extents(shape: Shape): string[] {
    return shape.map(this.#extent);
  }

  #term([text, latex]: Name, node: Node, value: Tensor | undefined): Term {
    return { text, latex, shape: this.extents(avalOf(node).shape), value };
  }
}

const PREDICTION: Name = ["ŷ", "\\hat y"];
