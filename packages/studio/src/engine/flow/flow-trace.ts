/** Back-propagation through any model of the library, step by step. */
import type { Tensor } from "chainrule";
import { type Equation, type NetworkEdge, networkFlow, type Quantity, type Term } from "chainrule/check";
import type { Loss } from "chainrule/loss";
import type { AnyModule, Module } from "chainrule/nn";
import { MOST, type Most, numbersOf } from "./numbers.ts";
import { fillIn, lineOf, matrixTex, tidy } from "./tex.ts";
import type { FlowEdge, FlowNode, FlowStep, FlowTrace, Line, Words } from "./trace.ts";
import { nameOf, type UpdateRule, updateOf } from "./update.ts";
import { backwardWords, forwardWords, groupOf, nodeWords, updateWords } from "./words.ts";

/** How a loss is written, in TeX, of \hat y and y; N is the number of outputs of all examples. */
export interface LossFormula {
  readonly value: string;
  /** ∂L/∂ŷ */
  readonly gradient: string;
}

export interface FlowOptions {
  readonly model: AnyModule;
  /** Of the model's outputs and targets. */
  readonly loss: Loss;
  /** One example or some, [examples, …]. */
  readonly x: Tensor;
  readonly y: Tensor;
  /** For losses that the library has no formula for. */
  readonly formula?: LossFormula | undefined;
  /** How the parameters are updated; without it, there is no update to be seen. */
  readonly update?: UpdateRule | undefined;
  /** Whether layers such as dropout behave as in training, which is the default, or as in use. */
  readonly mode?: "training" | "evaluation";
  /** How many numbers of each tensor are shown. */
  readonly most?: Most;
}

/** Goes through a model forwards and backwards, and nothing of it is changed. @throws what the model and the loss throw */
export function flowTrace(options: FlowOptions): FlowTrace {
  return new Tracer(options).trace();
}

class Tracer {
  readonly #options: FlowOptions;
  readonly #most: Most;
  readonly #quantities: readonly Quantity[];
  readonly #links: readonly NetworkEdge[];
  readonly #last: number;
  readonly #fill: (latex: string) => string;

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
    const { model, loss, x, y, mode = "training" } = options;
    const { quantities, edges } = networkFlow(model as Module<[Tensor], Tensor>, loss, x, y, { mode });
    [this.#quantities, this.#links] = [quantities, edges];
    this.#last = Math.max(0, ...quantities.map(({ layer }) => layer?.number ?? 0));
    const prediction = quantities.find(({ isPrediction }) => isPrediction) as Quantity;
    this.#fill = fillIn(prediction.value, y);
  }

  trace(): FlowTrace {
    const { x, update } = this.#options;
    const updates = new Map(
      this.#parameters.flatMap((quantity) =>
        update === undefined ? [] : [[quantity, updateOf(quantity, update)] as const],
      ),
    );
    const nodes = this.#quantities.map(
      (quantity, id): FlowNode => ({
        id,
        kind: quantity.kind,
        label: quantity.text,
        tex: quantity.latex,
        group: groupOf(quantity, this.#last),
        words: nodeWords(quantity, this.#last),
        value: this.#numbers(quantity.value),
        gradient: quantity.gradient && this.#numbers(quantity.gradient),
        updated: updates.has(quantity) ? this.#numbers(updates.get(quantity)!.parameter) : undefined,
      }),
    );
    const edges = this.#links.map((link) => this.#edge(link));
    const name = update === undefined ? "" : nameOf(update.optimizer);
    const penalty = this.#penalty(nodes, edges);
    return {
      nodes: [...nodes, ...penalty.nodes],
      edges: [...edges, ...penalty.edges],
      steps: [
        this.#begin(),
        ...this.#made.map((quantity) => this.#forward(quantity)),
        this.#forward(this.#quantities.at(-1) as Quantity),
        ...penalty.steps,
        ...this.#backwardOrder().map((quantity) => this.#backward(quantity)),
        ...[...updates].toReversed().map(
          ([quantity, { equations }]): FlowStep => ({
            ...{ phase: "update", node: this.#id(quantity), edges: [] },
            ...{ words: updateWords(quantity, this.#last, name), lines: updateLines(equations) },
          }),
        ),
      ],
      examples: x.shape[0] ?? 1,
    };
  }

  get #parameters(): Quantity[] {
    return this.#quantities.filter(({ kind }) => kind === "parameter");
  }

  /** What is computed on the way forward, without the loss. */
  get #made(): Quantity[] {
    return this.#quantities.filter(({ forward, kind }) => forward.length > 0 && kind !== "loss");
  }

  #id(quantity: Quantity): number {
    return this.#quantities.indexOf(quantity);
  }

  #numbers(t: Tensor) {
    return numbersOf(t, this.#most);
  }

  #edge({ from, to, derivative, elementwise }: NetworkEdge): FlowEdge {
    const ends = { from: this.#id(from), to: this.#id(to), elementwise };
    if (derivative === undefined) return { ...ends, label: "", tex: "", numbers: "", derivative: undefined };
    const slope = elementwise && to.kind === "activation" && derivative.text !== "1";
    return {
      ...ends,
      label: slope ? `${to.activations.map(({ type }) => type).join("∘")}′` : derivative.text,
      tex: tidy(derivative.latex),
      numbers: derivative.value === undefined || derivative.value.rank > 2 ? "" : matrixTex(derivative.value),
      derivative: derivative.value && this.#numbers(derivative.value),
    };
  }

  #begin(): FlowStep {
    const { x, y } = this.#options;
    const [input, target] = (["input", "target"] as const).map((kind) => this.#quantities.find((q) => q.kind === kind));
    const given = (latex: string, value: Tensor): Line => {
      const term: Term = { text: latex, latex, shape: value.shape.map(String), value };
      const { result } = lineOf({ left: term, right: [term] });
      return { symbols: latex, shapes: `[${value.shape.join(" {\\times} ")}]`, numbers: "", result };
    };
    const count = x.shape[0] ?? 1;
    return {
      phase: "forward",
      node: this.#id(input ?? (target as Quantity)),
      edges: [],
      words: {
        plain: count === 1 ? "An example comes in" : `${count} examples come in together`,
        term: count === 1 ? "input x and target y" : "a batch: input x and target y",
      },
      lines: [given("x", x), given("y", y)],
    };
  }

  #forward(quantity: Quantity): FlowStep {
    const edges = this.#links.flatMap(({ to }, i) => (to === quantity ? [i] : []));
    const { formula } = this.#options;
    const { kind } = quantity;
    const forward =
      kind === "loss" && formula !== undefined
        ? quantity.forward.map((each) => written(each, formula.value))
        : quantity.forward;
    return {
      phase: kind === "loss" ? "loss" : "forward",
      node: this.#id(quantity),
      edges,
      words: forwardWords(quantity, this.#last),
      lines: forward.map((each) => lineOf(each, kind === "loss" ? this.#fill : undefined)),
    };
  }

  /** From the loss to the input; the parameters of a layer right after its δ. */
  #backwardOrder(): Quantity[] {
    const order: Quantity[] = [this.#quantities.at(-1) as Quantity];
    for (const quantity of this.#made.toReversed()) {
      order.push(quantity);
      const used = this.#links.filter(({ to }) => to === quantity).map(({ from }) => from);
      const own = this.#parameters.filter((parameter) => used.includes(parameter));
      // A parameter that several layers share has its gradient when the first of them is reached.
      const earlier = (parameter: Quantity): boolean =>
        this.#links.some(({ from, to }) => from === parameter && this.#id(to) < this.#id(quantity));
      order.push(...own.filter((parameter) => !earlier(parameter)));
    }
    const input = this.#quantities.find(({ kind, gradient }) => kind === "input" && gradient !== undefined);
    return input === undefined ? order : [...order, input];
  }

  #backward(quantity: Quantity): FlowStep {
    const edges = this.#links.flatMap(({ from }, i) => (from === quantity ? [i] : []));
    const { formula } = this.#options;
    const lines = quantity.backward.map((equation, i) => {
      if (!quantity.isPrediction || i > 0) return lineOf(equation);
      return lineOf(formula === undefined ? equation : written(equation, formula.gradient), this.#fill);
    });
    return { phase: "backward", node: this.#id(quantity), edges, words: backwardWords(quantity, this.#last), lines };
  }

  /** The node of a regularizer's penalty, behind all weights that it is for. */
  #penalty(
    nodes: readonly FlowNode[],
    edges: readonly FlowEdge[],
  ): { readonly nodes: FlowNode[]; readonly edges: FlowEdge[]; readonly steps: FlowStep[] } {
    const { update } = this.#options;
    const regularizer = update?.regularizer;
    if (update === undefined || regularizer === undefined) return { nodes: [], edges: [], steps: [] };
    const own = this.#parameters.filter(({ parameter = "" }) => update.regularizes(parameter));
    const penalized = Object.fromEntries(
      own.map(({ parameter = "", value }) => [parameter, { value, regularize: true }]),
    );
    const value = regularizer(penalized);
    const config = (regularizer.config ?? {}) as { name?: string; lambda?: number };
    const [size, tex] =
      config.name === "l1"
        ? ["\\lambda \\sum |w|", "\\lambda \\operatorname{sign}(W)"]
        : ["\\frac{\\lambda}{2} \\sum w^2", "\\lambda W"];
    const lambda = config.lambda ?? 0;
    const words: Words = { plain: "Large weights cost, too", term: `penalty R, ${config.name ?? "regularizer"}` };
    const loss = (this.#quantities.at(-1) as Quantity).value;
    const scalar = (latex: string, t: Tensor): Term => ({ text: latex, latex, value: t });
    const equations: Equation[] = [
      { left: scalar("R", value), right: [{ text: size as string, latex: size as string }] },
      {
        left: scalar("J", loss.add(value)),
        right: [scalar("L", loss), { text: "+", latex: "+" }, scalar("R", value)],
      },
    ];
    const id = nodes.length;
    const node: FlowNode = {
      ...{ id, kind: "penalty", label: "R", tex: "R", group: "", words, value: this.#numbers(value) },
      ...{ gradient: undefined, updated: undefined },
    };
    const links = own.map(
      (quantity): FlowEdge => ({
        ...{ from: this.#id(quantity), to: id, elementwise: true },
        ...{ label: config.name === "l1" ? "λ sign" : "λ·W", tex: tex as string, numbers: "" },
        derivative: this.#numbers(
          config.name === "l1" ? quantity.value.sign().mul(lambda) : quantity.value.mul(lambda),
        ),
      }),
    );
    const step: FlowStep = {
      ...{ phase: "loss", node: id, edges: links.map((_, i) => edges.length + i), words },
      lines: equations.map((each) => lineOf(each)),
    };
    return { nodes: [node], edges: links, steps: [step] };
  }
}

/** All have the shape of the parameter: it is said once. */
const updateLines = (equations: readonly Equation[]): Line[] =>
  equations.map((each, i) => (i === equations.length - 1 ? lineOf(each) : { ...lineOf(each), shapes: "" }));

/** An equation with another right side. */
const written = ({ left }: Equation, latex: string): Equation => ({ left, right: [{ text: latex, latex }] });
