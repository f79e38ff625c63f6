/** The update of a parameter: what the optimizer really does, with its equations. */
import { grad, type Tensor } from "chainrule";
import type { Equation, Quantity, Term } from "chainrule/check";
import type { Optimizer, Regularizer } from "chainrule/optim";

/** What a training step does besides finding gradients. */
export interface UpdateRule {
  readonly optimizer: Optimizer;
  /** α of this step. */
  readonly rate: number;
  readonly regularizer?: Regularizer | undefined;
  /** The number of steps done before, an int32 scalar. */
  readonly step: Tensor;
  /** What the optimizer keeps of parameters, by names such as "0.weight.velocity". */
  readonly kept: Readonly<Record<string, Tensor>>;
  /** Whether the regularizer is for a parameter. */
  readonly regularizes: (name: string) => boolean;
}

/** What an optimizer is called. */
export function nameOf({ name, config }: Optimizer): string {
  if (name !== "sgd") return { adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam" }[name] ?? name;
  if (!((config.momentum as number) > 0)) return "gradient descent";
  return config.nesterov === true ? "Nesterov momentum" : "momentum";
}

export interface UpdateStep {
  /** The parameter afterwards. */
  readonly parameter: Tensor;
  readonly equations: readonly Equation[];
}

/** @param quantity a parameter with its gradient */
export function updateOf(quantity: Quantity, rule: UpdateRule): UpdateStep {
  const { value: parameter, gradient: ofLoss, parameter: name = "" } = quantity;
  const regularize = rule.regularizes(name);
  const penalty = penaltyGradient(parameter, regularize, rule.regularizer);
  const gradient = penalty === undefined ? (ofLoss as Tensor) : (ofLoss as Tensor).add(penalty);
  const state = keptOf(name, rule.kept);
  const { optimizer, step } = rule;
  const next = optimizer.update({ name, regularize, gradient, state, parameter, step });
  const write = new UpdateWriter(quantity, rule);
  const first = write.gradient(gradient, penalty);
  return { parameter: next.parameter, equations: [first, ...write.step(gradient, state, next.state, next.parameter)] };
}

/** The derivative of the penalty; undefined where there is none. */
function penaltyGradient(parameter: Tensor, regularize: boolean, regularizer: Regularizer | undefined) {
  if (regularizer === undefined || !regularize) return undefined;
  return grad((value: Tensor) => regularizer({ w: { value, regularize } }))(parameter);
}

function keptOf(name: string, kept: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const own = Object.entries(kept).filter(([key]) => key.startsWith(`${name}.`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1), value]));
}

const operator = (latex: string): Term => ({ text: latex, latex });
const [TIMES, PLUS, MINUS] = ["\\cdot", "+", "-"].map(operator) as [Term, Term, Term];
/** A number that the equation names. */
const setting = (latex: string, value: Tensor): Term => ({ text: latex, latex, value });

/** Writes the equations in which the library's optimizers say what they do, as in their documentation. */
class UpdateWriter {
  readonly #quantity: Quantity;
  readonly #rule: UpdateRule;

  constructor(quantity: Quantity, rule: UpdateRule) {
    [this.#quantity, this.#rule] = [quantity, rule];
  }

  /** Something shaped like the parameter. */
  #like(latex: string, value: Tensor | undefined): Term {
    return { text: latex, latex, shape: this.#quantity.value.shape.map(String), value };
  }

  #number(latex: string, value: number): Term {
    return setting(latex, this.#rule.step.cast("float32").mul(0).add(value));
  }

  /** g = ∂L/∂W + λ·W */
  gradient(gradient: Tensor, penalty: Tensor | undefined): Equation {
    const { latex, value, gradient: ofLoss } = this.#quantity;
    const left = this.#like("g", gradient);
    const first = this.#like(`\\frac{\\partial L}{\\partial ${latex}}`, ofLoss);
    if (penalty === undefined) return { left, right: [first] };
    const config = (this.#rule.regularizer?.config ?? {}) as { name?: string; lambda?: number };
    const own = this.#like(latex, value);
    const lambda = this.#number("\\lambda", config.lambda ?? 0);
    const sign = [operator("\\operatorname{sign}("), own, operator(")")];
    if (config.name === "l2") return { left, right: [first, PLUS, lambda, TIMES, own] };
    if (config.name === "l1") return { left, right: [first, PLUS, lambda, TIMES, ...sign] };
    return { left, right: [first, PLUS, this.#like(`\\frac{\\partial R}{\\partial ${latex}}`, penalty)] };
  }

  step(g: Tensor, before: Record<string, Tensor>, after: Record<string, Tensor>, next: Tensor): Equation[] {
    const { optimizer, rate } = this.#rule;
    const config = optimizer.config as Record<string, number>;
    const gradient = this.#like("g", g);
    const alpha = this.#number("\\alpha", rate);
    const { latex, value } = this.#quantity;
    const old = this.#like(latex, value);
    const left = this.#like(latex, next);
    const go = (...by: Term[]): Equation => ({ left, right: [old, MINUS, alpha, TIMES, ...by] });
    const mean = (name: string, beta: number, of: Term[]): Equation => {
      const letter = MOMENTS[name] as string;
      const kept = this.#number(
        beta === config.beta2 ? "\\beta_2" : beta === config.beta1 ? "\\beta_1" : "\\rho",
        beta,
      );
      const rest = operator(`(1 - ${kept.latex})`);
      const share: Term = { ...rest, value: kept.value?.neg().add(1) };
      return {
        left: this.#like(letter, after[name]),
        right: [kept, TIMES, this.#like(letter, before[name]), PLUS, share, TIMES, ...of],
      };
    };
    const squared = [{ ...gradient, latex: "g^2", value: g.square() }];
    const scaled = (top: string, bottom: string, by: Tensor): Term =>
      this.#like(`\\frac{${top}}{\\sqrt{${bottom}} + \\varepsilon}`, by);
    switch (optimizer.name) {
      case "sgd": {
        if (before.velocity === undefined) return [go(gradient)];
        const beta = this.#number("\\beta", config.momentum as number);
        const velocity = this.#like("v", after.velocity);
        const roll: Equation = {
          left: velocity,
          right: [beta, TIMES, this.#like("v", before.velocity), PLUS, gradient],
        };
        if (config.nesterov as unknown as boolean)
          return [roll, go(operator("("), gradient, PLUS, beta, TIMES, velocity, operator(")"))];
        return [roll, go(velocity)];
      }
      case "adagrad": {
        const sum = after.sum as Tensor;
        return [
          { left: this.#like("s", sum), right: [this.#like("s", before.sum), PLUS, ...squared] },
          go(scaled("g", "s", g.div(sum.sqrt().add(config.epsilon as number)))),
        ];
      }
      case "rmsprop": {
        const square = after.square as Tensor;
        return [
          mean("square", config.decay as number, squared),
          go(scaled("g", "s", g.div(square.sqrt().add(config.epsilon as number)))),
        ];
      }
      case "adam": {
        const t = this.#rule.step.itemSync() + 1;
        const [one, two] = [1 - (config.beta1 as number) ** t, 1 - (config.beta2 as number) ** t];
        const [m, s] = [(after.mean as Tensor).div(one), (after.square as Tensor).div(two)];
        const corrected = (hat: string, of: string, beta: string, by: number, value: Tensor): Equation => ({
          left: this.#like(hat, value),
          right: [...[this.#like(of, value.mul(by)), operator("/")], this.#number(`(1 - ${beta}^{${t}})`, by)],
        });
        return [
          mean("mean", config.beta1 as number, [gradient]),
          mean("square", config.beta2 as number, squared),
          corrected("\\hat m", "m", "\\beta_1", one, m),
          corrected("\\hat s", "s", "\\beta_2", two, s),
          go(scaled("\\hat m", "\\hat s", m.div(s.sqrt().add(config.epsilon as number)))),
        ];
      }
      default:
        return [
          {
            left,
            right: [operator(`\\operatorname{${optimizer.name}}(`), old, operator(","), gradient, operator(")")],
          },
        ];
    }
  }
}

const MOMENTS: Readonly<Record<string, string>> = {
  mean: "m",
  square: "s",
};
