/** Gradient checks: what back-propagation says against finite differences. */
import { compile, type Tensor, tensor } from "chainrule";
import { type Gradchecker, type GradcheckReport, gradchecker } from "chainrule/check";
import { params } from "chainrule/nn";
import type { Part } from "../../data/index.ts";
import { Refusal, widthsOf } from "../../state/index.ts";
import type { CheckVerdict, Compared, CurvePoint, WeightPlace, WholeCheck } from "../checks.ts";
import { forward, type LayerInput, weightsOf } from "../pass.ts";
import type { Service } from "../protocol.ts";
import type { Session } from "../session.ts";
import type { Trainer } from "../trainer.ts";

/** Milliseconds that a check of all weights may take of the engine at a time. */
const PATIENCE = 20;
/** The smallest ε that is shown: below it nothing but rounding is left. */
const SMALLEST = 1e-12;
const WORST = 5;
/** More points make a check slower than the engine may be away, and no surer. */
const MOST_POINTS_CHECKED = 500;

/** @param now a clock in milliseconds */
export function checks(session: Session, now: () => number = () => performance.now()): Service<"check" | "checkAll"> {
  let whole: Whole | undefined;
  return {
    check(place) {
      const { trainer } = session;
      const report = checkPlace(trainer, checkerOf(trainer), place);
      const { analytic, numeric, forward: third, bound, relativeError, verdict } = entryOf(report);
      return {
        step: trainer.step,
        points: checkedOf(trainer).count,
        weight: weightAt(weightsOf(trainer.network), place),
        analytic,
        numeric,
        forward: third,
        bound,
        relativeError,
        verdict,
        curve: curveOf(trainer, place, report),
      };
    },
    checkAll({ begin }) {
      const { trainer } = session;
      if (begin || whole?.trainer !== trainer) whole = new Whole(trainer);
      whole.advance(PATIENCE, now);
      return whole.found;
    },
  };
}

/** The training points whose loss is checked: all, or of many some, at equal distances. */
function checkedOf({ examples }: Trainer): { readonly x: Tensor; readonly y: Tensor; readonly count: number } {
  const { x, y, points } = examples.training as Part;
  const count = Math.min(points.length, MOST_POINTS_CHECKED);
  if (count === points.length) return { x, y, count };
  const rows = tensor(
    Int32Array.from({ length: count }, (_, i) => Math.floor((i * points.length) / count)),
    { dtype: "int32" },
  );
  return { x: x.gather(rows), y: y.gather(rows), count };
}

/** Of their loss at the present weights. */
function checkerOf(trainer: Trainer): Gradchecker {
  const { network, loss } = trainer;
  const { x, y } = checkedOf(trainer);
  const { model } = network;
  const value = (): Tensor => loss(model(x), y);
  if (!Number.isFinite(value().itemSync())) {
    throw new Refusal("The loss is no number any more, so it has no derivatives. Reset the training.");
  }
  return gradchecker(value, params(model));
}

function checkPlace({ network, state }: Trainer, checker: Gradchecker, place: WeightPlace): GradcheckReport {
  const { layer, from, to } = place;
  const widths = widthsOf(state);
  const [inputs = 0, units = 0] = widths.slice(layer, layer + 2);
  const exists = layer in network.layers && from >= -1 && from < inputs && to >= 0 && to < units;
  if (!exists) throw new Refusal("There is no such weight.");
  const { weight, bias } = network.layers[layer] as (typeof network.layers)[number];
  const parameter = from < 0 ? bias : weight;
  const [name] = Object.entries(params(network.model)).find(([, each]) => each === parameter) as [string, unknown];
  return checker.check(name, from < 0 ? [to] : [from, to]);
}

const entryOf = (report: GradcheckReport): GradcheckReport["entries"][number] =>
  report.entries[0] as GradcheckReport["entries"][number];

const weightAt = (layers: readonly LayerInput[], { layer, from, to }: WeightPlace): number => {
  const { weight, bias } = layers[layer] as LayerInput;
  return from < 0
    ? (bias.dataSync()[to] as number)
    : (weight.dataSync()[from * (weight.shape[1] as number) + to] as number);
};

/** The library's sweep of ε in double precision, and beside it the same quotient in single precision. */
function curveOf(trainer: Trainer, place: WeightPlace, report: GradcheckReport): CurvePoint[] {
  const { name, analytic } = entryOf(report);
  const single = singleLoss(trainer, place);
  return report
    .sweep(name)
    .rows.filter(({ step }) => step >= 0.999 * SMALLEST)
    .map(({ step, difference, error, truncation, roundoff }) => ({
      epsilon: step,
      quotient: difference,
      error,
      singleError: Math.abs((single(step) - single(-step)) / (2 * step) - analytic),
      truncation,
      rounding: roundoff,
    }));
}

/** The loss in single precision, as training computes it, when one weight is moved. */
function singleLoss(trainer: Trainer, { layer, from, to }: WeightPlace): (by: number) => number {
  const { network, loss } = trainer;
  const { x, y } = checkedOf(trainer);
  const run = compile((layers: LayerInput[]) => loss(forward(network, x, layers).at(-1) as Tensor, y));
  const present = weightsOf(network);
  const { weight, bias } = present[layer] as LayerInput;
  const moved = (t: Tensor, index: number, by: number): Tensor => {
    const numbers = Float32Array.from(t.dataSync());
    numbers[index] = (numbers[index] as number) + by;
    return tensor(numbers, { shape: t.shape });
  };
  return (by) => {
    const changed =
      from < 0
        ? { weight, bias: moved(bias, to, by) }
        : { weight: moved(weight, from * (weight.shape[1] as number) + to, by), bias };
    return run(present.with(layer, changed)).itemSync();
  };
}

/** The check of all weights as they were when it began, some at a time. */
class Whole {
  readonly trainer: Trainer;
  readonly #checker: Gradchecker;
  readonly #places: readonly WeightPlace[];
  readonly #step: number;
  readonly #points: number;
  readonly #verdicts: Record<CheckVerdict, number> = { right: 0, kink: 0, jump: 0, unresolved: 0, wrong: 0 };
  #worst: readonly (WeightPlace & Compared)[] = [];
  #done = 0;

  constructor(trainer: Trainer) {
    this.trainer = trainer;
    this.#checker = checkerOf(trainer);
    this.#step = trainer.step;
    this.#points = checkedOf(trainer).count;
    const widths = widthsOf(trainer.state);
    this.#places = widths
      .slice(1)
      .flatMap((units, layer) =>
        Array.from({ length: (widths[layer] as number) + 1 }, (_, i) => (i === widths[layer] ? -1 : i)).flatMap(
          (from) => Array.from({ length: units }, (_, to) => ({ layer, from, to })),
        ),
      );
  }

  /** At least one. */
  advance(milliseconds: number, now: () => number): void {
    const until = now() + milliseconds;
    do {
      const place = this.#places[this.#done];
      if (place === undefined) return;
      const { analytic, numeric, relativeError, verdict } = entryOf(checkPlace(this.trainer, this.#checker, place));
      this.#verdicts[verdict]++;
      this.#worst = [...this.#worst, { ...place, analytic, numeric, relativeError, verdict }]
        .sort((a, b) => badness(b) - badness(a))
        .slice(0, WORST);
      this.#done++;
    } while (now() < until);
  }

  get found(): WholeCheck {
    return {
      done: this.#done,
      total: this.#places.length,
      step: this.#step,
      points: this.#points,
      verdicts: { ...this.#verdicts },
      worst: this.#worst,
    };
  }
}

/** What is wrong comes before what is rounded. */
const badness = ({ relativeError, verdict }: Compared): number => relativeError + (verdict === "wrong" ? 1e9 : 0);
