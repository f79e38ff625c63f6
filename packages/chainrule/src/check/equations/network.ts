/** The forward and backward equations of a network, layer by layer. */
import { avalOf, type Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { BackpropResult, LayerPass } from "../flow/backprop.ts";
import { formulaOf, slopeAt } from "./activations.ts";
import { lossFormula } from "./losses.ts";
import type { Outline, OutlineLayer } from "./outline.ts";
import { type Equation, operator, type Section, type Term } from "./terms.ts";

/** How an extent is written; the batch is "n". */
export type FormatExtent = (extent: number) => string;

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (i: number): string => `⁽${[...`${i + 1}`].map((d) => DIGITS[Number(d)]).join("")}⁾`;

const PLUS = operator("+");
const TIMES = operator("·", "\\cdot");
const HADAMARD = operator("⊙", "\\odot");

/** Parameters that have a letter of their own. */
const LETTERS: Record<string, string> = { weight: "W", bias: "b" };

/** What is written about a network: forwards, then backwards. With the numbers of `passed`, if they are given. */
export function equationsOf(
  outline: Outline,
  loss: string | undefined,
  extent: FormatExtent,
  passed: BackpropResult | undefined,
): Section[] {
  const writer = new Writer(outline, loss, extent, passed);
  return [
    { title: "Forward", equations: writer.forward() },
    { title: "Backward", equations: writer.backward() },
  ];
}

class Writer {
  readonly #outline: Outline;
  readonly #loss: string | undefined;
  readonly #extent: FormatExtent;
  readonly #passed: BackpropResult | undefined;

  constructor(outline: Outline, loss: string | undefined, extent: FormatExtent, passed: BackpropResult | undefined) {
    [this.#outline, this.#loss, this.#extent, this.#passed] = [outline, loss, extent, passed];
  }

  forward(): Equation[] {
    const { layers } = this.#outline;
    const formula =
      this.#loss === undefined ? operator("loss(ŷ, y)", "\\ell(\\hat y, y)") : lossFormula(this.#loss).value;
    return [
      ...layers.flatMap((layer, i) => this.#forwardLayer(layer, i)),
      { left: this.#prediction(), right: [this.#outputSource()] },
      { left: { text: "L", latex: "L", shape: [], value: this.#passed?.loss }, right: [formula] },
    ];
  }

  backward(): Equation[] {
    const { layers } = this.#outline;
    const gradient = this.#loss === undefined ? undefined : lossFormula(this.#loss).gradient;
    const start: Equation = {
      left: this.#gradPrediction(),
      right: [gradient ?? operator("derivative of the loss by ŷ", "\\partial \\ell / \\partial \\hat y")],
    };
    return [
      start,
      ...layers
        .flatMap((layer, i) => [this.#backwardLayer(layer, i)])
        .toReversed()
        .flat(),
    ];
  }

  #forwardLayer(one: OutlineLayer, i: number): Equation[] {
    const { layer } = one;
    const z = this.#of("z", i, layer.z, (pass) => pass.z);
    const input = this.#input(one, i);
    const own = this.#own(one, i);
    const { W, b } = Object.fromEntries(own.map(({ letter, term }) => [letter, term]));
    const affine = W === undefined ? undefined : [input, TIMES, W, ...(b === undefined ? [] : [PLUS, b])];
    const list = own.map(({ term }) => term);
    const right =
      layer.type === "dense" && affine !== undefined
        ? affine
        : [operator(`${layer.type}(`, `\\operatorname{${layer.type}}(`), input, operator(";"), ...list, operator(")")];
    const between: Equation[] =
      one.from === "between"
        ? [
            {
              left: input,
              right: [operator("what is computed between the layers", "\\text{computed between the layers}")],
            },
          ]
        : [];
    return [
      ...between,
      { left: z, right },
      { left: this.#of("a", i, layer.a, (pass) => pass.a), right: this.#activated(one, i) },
    ];
  }

  /** a = dropout(tanh(z)) */
  #activated({ layer }: OutlineLayer, i: number): Term[] {
    const z = this.#of("z", i, layer.z, () => undefined);
    const formulas = layer.activations.map(formulaOf).toReversed();
    if (formulas.length === 0) return [z];
    const opening = formulas.map(({ f }) => `${f.text}(`).join("");
    const latex = formulas.map(({ f }) => `${f.latex}(`).join("");
    const closing = ")".repeat(formulas.length);
    return [operator(opening, latex), { ...z, value: this.#passed?.layers[i]?.z }, operator(closing)];
  }

  #backwardLayer(one: OutlineLayer, i: number): Equation[] {
    const { layer } = one;
    const gradA = this.#partial("a", i, layer.a, (pass) => pass.gradA);
    const delta = this.#delta(i);
    const sum: Equation = { left: gradA, right: this.#arriving(one) };
    return [sum, { left: delta, right: this.#throughActivation(one, i) }, ...this.#gradients(one, i)];
  }

  /** ∂L/∂a: from the loss, from the layers that take a, or from uses that have no name. */
  #arriving({ layer, next }: OutlineLayer): Term[] {
    const { layers, output } = this.#outline;
    const terms: Term[][] = [];
    if (layer.a === output) terms.push([this.#gradPrediction()]);
    for (const j of next ?? []) {
      const follower = layers[j] as OutlineLayer;
      const delta = this.#delta(j);
      const weight = this.#own(follower, j).find(({ letter }) => letter === "W")?.term;
      if (follower.layer.type === "dense" && weight !== undefined) terms.push([delta, TIMES, transposed(weight)]);
      else terms.push([delta, TIMES, operator(`∂z${raised(j)}/∂a`, `\\frac{\\partial z^{(${j + 1})}}{\\partial a}`)]);
    }
    if (next === undefined || terms.length === 0) {
      return [operator("sum of what comes back from each use", "\\text{sum of what comes back from each use}")];
    }
    return terms.flatMap((term, k) => (k === 0 ? term : [PLUS, ...term]));
  }

  /** δ = ∂L/∂a ⊙ f′(z) */
  #throughActivation({ layer }: OutlineLayer, i: number): Term[] {
    const gradA = this.#partial("a", i, layer.a, (pass) => pass.gradA);
    const [only, ...others] = layer.activations.map(formulaOf);
    if (only === undefined) return [gradA];
    const a = this.#of("a", i, layer.a, (pass) => pass.a);
    const type = layer.activations[0]?.type;
    if (type === "softmax" && others.length === 0) {
      return [
        a,
        HADAMARD,
        operator("("),
        gradA,
        operator("− Σⱼ aⱼ·∂L/∂aⱼ )", "- \\sum_j a_j\\, \\partial L / \\partial a_j)"),
      ];
    }
    const z = this.#of("z", i, layer.z, () => undefined);
    const value = this.#passed?.layers[i]?.slope;
    if (others.length === 0 && only.slope !== undefined) {
      return [gradA, HADAMARD, { ...z, ...slopeAt(only.slope, z), value }];
    }
    const chain = layer.activations
      .map(({ type: name }) => name)
      .toReversed()
      .join(" ∘ ");
    if ([only, ...others].every(({ slope }) => slope !== undefined)) {
      return [gradA, HADAMARD, { ...z, text: `(${chain})′(${z.text})`, latex: `f'(${z.latex})`, value }];
    }
    return [gradA, TIMES, operator(`∂a/∂z of ${chain}`, "\\frac{\\partial a}{\\partial z}")];
  }

  #gradients(one: OutlineLayer, i: number): Equation[] {
    const { layer } = one;
    const delta = this.#delta(i);
    return this.#own(one, i).map(({ field, letter, term }) => {
      const value = this.#passed?.layers[i]?.gradients[field];
      const left: Term = { ...partialOf(term), value };
      if (layer.type !== "dense") {
        const [z, p] = [`z${raised(i)}`, term.text];
        return {
          left,
          right: [delta, TIMES, operator(`∂${z}/∂${p}`, `\\frac{\\partial z^{(${i + 1})}}{\\partial ${term.latex}}`)],
        };
      }
      if (letter === "W") return { left, right: [transposed(this.#input(one, i)), TIMES, delta] };
      return { left, right: [operator("Σₙ", "\\sum_n"), delta] };
    });
  }

  #own({ layer }: OutlineLayer, i: number): { field: string; letter: string; term: Term }[] {
    return Object.entries(layer.own).map(([field, param]) => {
      const letter = LETTERS[field] ?? field;
      const latex = letter.length === 1 ? letter : `\\mathrm{${letter}}`;
      const value = this.#passed === undefined ? undefined : param.value;
      const shape = this.#shape(param.shape);
      return { field, letter, term: { text: `${letter}${raised(i)}`, latex: `${latex}^{(${i + 1})}`, shape, value } };
    });
  }

  #input({ layer, from }: OutlineLayer, i: number): Term {
    const value = this.#passed?.layers[i]?.input;
    const shape = this.#shapeOf(layer.input);
    if (from === "x") return { text: "x", latex: "x", shape, value };
    const [letter, j] = from === "between" ? ["u", i] : ["a", from];
    return { text: `${letter}${raised(j)}`, latex: `${letter}^{(${j + 1})}`, shape, value };
  }

  #of(letter: string, i: number, node: Node, value: (pass: LayerPass) => Tensor | undefined): Term {
    const pass = this.#passed?.layers[i];
    const shape = this.#shapeOf(node);
    return { text: `${letter}${raised(i)}`, latex: `${letter}^{(${i + 1})}`, shape, value: pass && value(pass) };
  }

  #partial(letter: string, i: number, node: Node, value: (pass: LayerPass) => Tensor): Term {
    return partialOf(this.#of(letter, i, node, value));
  }

  #delta(i: number): Term {
    const { layer } = this.#outline.layers[i] as OutlineLayer;
    const term = this.#of("δ", i, layer.z, (pass) => pass.delta);
    return { ...term, latex: `\\delta^{(${i + 1})}` };
  }

  #prediction(): Term {
    return { text: "ŷ", latex: "\\hat y", shape: this.#shapeOf(this.#outline.output), value: this.#passed?.prediction };
  }

  #gradPrediction(): Term {
    return { ...partialOf(this.#prediction()), value: this.#passed?.gradPrediction };
  }

  #outputSource(): Term {
    const { layers, output } = this.#outline;
    const i = layers.findLastIndex(({ layer }) => layer.a === output);
    if (i < 0) return operator("what the model makes of its layers", "\\text{made of the layers}");
    return this.#of("a", i, output, (pass) => pass.a);
  }

  #shapeOf(node: Node): string[] {
    return this.#shape(avalOf(node).shape);
  }

  #shape(shape: Shape): string[] {
    return shape.map(this.#extent);
  }
}

const partialOf = (term: Term): Term => ({
  ...term,
  text: `∂L/∂${term.text}`,
  latex: `\\frac{\\partial L}{\\partial ${term.latex}}`,
});

function transposed(term: Term): Term {
  const shape = term.shape?.toReversed();
  const value = term.value !== undefined && term.value.rank === 2 ? term.value.transpose() : term.value;
  return { text: `${term.text}ᵀ`, latex: `{${term.latex}}^{\\top}`, ...(shape && { shape }), value };
}
