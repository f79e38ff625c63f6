/** `minimize`: the least value of a function, by a method that sees all of it in every step. */
import { checkChoice, checkNumber, checkOptions, describeValue } from "../../tensor/options.ts";
import type { TensorTree } from "../../tensor/tree.ts";
import { type Iteration, isStationary, type Method, type Point } from "./method.ts";
import { Problem } from "./problem.ts";
import { maxNorm } from "./vectors.ts";

/** What is known after an iteration. */
export interface IterationLog {
  /** 1 for the first. */
  readonly iteration: number;
  readonly value: number;
  /** The largest absolute entry of the gradient. */
  readonly gradientNorm: number;
}

export interface MinimizeOptions {
  readonly method: Method;
  /** The most iterations; default 1000. */
  readonly iterations?: number;
  /**
   * It has converged where the largest absolute entry of the gradient is at most this; for `gaussNewton` and
   * `levenbergMarquardt`, where the cosines between the residuals and the columns of the Jacobian are no larger. Default:
   * 10⁻⁸ in float64, 10⁻⁴ in float32; 10⁻¹² and 10⁻⁵ for cosines.
   */
  readonly gradientTolerance?: number;
  /** "float64": everything is computed in double precision, also where the start and the function are float32. */
  readonly dtype?: "float64";
  /** Called after each iteration; if it returns true, that was the last. */
  readonly onIteration?: (log: IterationLog) => unknown;
}

export interface Minimum<T> {
  /** f at the end; for residuals, half the sum of their squares. */
  readonly value: number;
  readonly parameters: TensorTree<T>;
  readonly iterations: number;
  /** How often the function was evaluated, with or without derivatives. */
  readonly evaluations: number;
  /** The largest absolute entry of the gradient at the end. */
  readonly gradientNorm: number;
  /** Whether the place found meets the method's test of a minimum. */
  readonly converged: boolean;
  /** Why it ended, in words. */
  readonly reason: string;
}

const OPTIONS: readonly (keyof MinimizeOptions)[] = [
  "method",
  "iterations",
  "gradientTolerance",
  "dtype",
  "onIteration",
];
const STEPS_OPTIONS = OPTIONS.filter((name) => name !== "onIteration");

/** How long iterations may keep the event loop waiting, in milliseconds. */
const BREATH = 50;

/**
 * Looks for a minimum of a function of a tree of tensors, from a start. The function and the derivatives that the method
 * needs are compiled once. Numbers of the result have the dtype that was computed with.
 *
 * It always ends with the best place found and says in `converged` and `reason` what that is: a function that is NaN, has
 * no lower bound or cannot be made less within rounding does not converge.
 *
 * @param f one float scalar; for `gaussNewton` and `levenbergMarquardt` the residuals, a tensor or a tree of tensors
 * @throws TypeError, RangeError, DTypeError, TraceError for options, a start or a function that cannot be right
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { minimize, newton } from "chainrule/optim";
 * const rosenbrock = ({ x, y }: { x: Tensor; y: Tensor }) =>
 *   y.sub(x.square()).square().mul(100).add(x.neg().add(1).square());
 * const start = { x: tensor(-1.2), y: tensor(1) };
 * const { parameters, converged } = await minimize(rosenbrock, start, { method: newton(), dtype: "float64" });
 * converged; // → true
 * Math.abs(parameters.x.itemSync() - 1) < 1e-8; // → true
 * ```
 */
export async function minimize<T>(
  f: (x: TensorTree<T>) => unknown,
  start: T,
  options: MinimizeOptions,
): Promise<Minimum<T>> {
  return minimizeFor("minimize", f, start, options);
}

/** What happens after an iteration, besides `onIteration`; the parameters come with it. If it gives true, that was the last. */
export type Watch<T> = (log: IterationLog, parameters: TensorTree<T>) => unknown;

/** `minimize` for another function that users called, `where`. */
export async function minimizeFor<T>(
  where: string,
  f: (x: TensorTree<T>) => unknown,
  start: T,
  options: MinimizeOptions,
  watch?: Watch<T>,
): Promise<Minimum<T>> {
  const { method, iterations, ...settings } = checkMinimize(where, options, OPTIONS);
  const problem = new Problem(where, method.of, f as (x: never) => unknown, start, options.dtype);
  const going = iterate(problem, method, { iterations: iterations ?? 1000, ...settings });
  let breathed = performance.now();
  for (let next = await going.next(false); ; ) {
    if (next.done === true) return minimumOf(problem, next.value);
    const { log, point } = next.value;
    const asked = options.onIteration?.(log) === true;
    next = await going.next((await watch?.(log, problem.tree(point.x) as TensorTree<T>)) === true || asked);
    if (performance.now() - breathed < BREATH) continue;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    breathed = performance.now();
  }
}

/** What is known after an iteration, and where it has led. */
export interface MinimizeStep<T> extends IterationLog {
  readonly parameters: TensorTree<T>;
}

/**
 * `minimize`, one iteration at a time: whoever asks for the next one decides when there is one, and what to do in between.
 * When it ends, it returns what `minimize` returns.
 *
 * @param options those of `minimize` but `onIteration`; without `iterations` there is no limit
 * @throws what `minimize` throws for options, a start or a function that cannot be right, at once
 * @example
 * ```ts
 * import { type Tensor, tensor } from "chainrule";
 * import { minimizeSteps, newton } from "chainrule/optim";
 * const f = (x: Tensor) => x.sub(3).square().sum();
 * const steps = minimizeSteps(f, tensor([0, 5]), { method: newton() });
 * const places: number[][] = [];
 * for await (const { parameters } of steps) places.push([...parameters.dataSync()]);
 * places; // → [ [ 3, 3 ] ]
 * ```
 */
export function minimizeSteps<T>(
  f: (x: TensorTree<T>) => unknown,
  start: T,
  options: Omit<MinimizeOptions, "onIteration">,
): AsyncGenerator<MinimizeStep<T>, Minimum<T>, void> {
  const where = "minimizeSteps";
  const { method, iterations, ...settings } = checkMinimize(where, options, STEPS_OPTIONS);
  const problem = new Problem(where, method.of, f as (x: never) => unknown, start, options.dtype);
  const going = iterate(problem, method, { iterations: iterations ?? Number.POSITIVE_INFINITY, ...settings });
  return stepsOf(problem, going);
}

async function* stepsOf<T>(problem: Problem, going: Going): AsyncGenerator<MinimizeStep<T>, Minimum<T>, void> {
  for (;;) {
    const next = await going.next(false);
    if (next.done === true) return minimumOf(problem, next.value);
    const { log, point } = next.value;
    yield { ...log, parameters: problem.tree(point.x) as TensorTree<T> };
  }
}

function minimumOf<T>(problem: Problem, { point, ...found }: Ended): Minimum<T> {
  return {
    value: point.value,
    parameters: problem.tree(point.x) as TensorTree<T>,
    ...found,
    evaluations: problem.evaluations,
    gradientNorm: maxNorm(point.gradient),
  };
}

type Settings = Pick<MinimizeOptions, "method" | "gradientTolerance" | "iterations">;

function checkMinimize(where: string, options: MinimizeOptions, names: readonly (keyof MinimizeOptions)[]): Settings {
  checkOptions(where, options, names);
  const { method, iterations, gradientTolerance, dtype, onIteration } = options ?? {};
  checkMethod(where, method);
  if (dtype !== undefined) checkChoice(where, "dtype", dtype, ["float64"]);
  if (gradientTolerance !== undefined) checkNumber(where, "gradientTolerance", gradientTolerance, { least: 0 });
  if (onIteration !== undefined && typeof onIteration !== "function") {
    throw new TypeError(`${where}: onIteration must be a function; it is ${describeValue(onIteration)}.`);
  }
  if (iterations !== undefined) checkNumber(where, "iterations", iterations, { least: 1, integer: true });
  return {
    method,
    ...(iterations === undefined ? {} : { iterations }),
    ...(gradientTolerance === undefined ? {} : { gradientTolerance }),
  };
}

/** @throws TypeError unless it is a method; one that is an optimizer is told where it belongs */
export function checkMethod(where: string, method: unknown): void {
  if (typeof (method as Partial<Method> | undefined)?.begin !== "function") {
    const optimizer = typeof (method as { update?: unknown } | undefined)?.update === "function";
    throw new TypeError(
      `${where}: method must be one such as lbfgs() or newton(); it is ${describeValue(method)}.` +
        (optimizer ? " Optimizers take a step for each minibatch: they belong to fit and trainStep." : ""),
    );
  }
}

interface Ended {
  readonly point: Point;
  readonly iterations: number;
  readonly converged: boolean;
  readonly reason: string;
}

interface Iterated {
  readonly log: IterationLog;
  readonly point: Point;
}

/** Each iteration is told; true in return ends it. */
type Going = AsyncGenerator<Iterated, Ended, boolean>;

async function* iterate(
  problem: Problem,
  method: Method,
  { iterations: most, gradientTolerance }: { readonly iterations: number; readonly gradientTolerance?: number },
): Going {
  const iteration: Iteration = method.begin(problem);
  const usual = USUAL_TOLERANCE[problem.kind][problem.epsilon === Number.EPSILON ? "float64" : "float32"];
  const tolerance = gradientTolerance ?? usual;
  let point = await iteration.evaluate(problem.start);
  const ended = (iterations: number, converged: boolean, reason: string): Ended => ({
    point,
    iterations,
    converged,
    reason,
  });
  if (!Number.isFinite(point.value)) return ended(0, false, `the value at the start is ${point.value}`);
  if (!Number.isFinite(maxNorm(point.gradient))) return ended(0, false, "the gradient at the start is not finite");
  for (let done = 0; ; ) {
    let end: { readonly converged: boolean; readonly reason: string } | undefined;
    if ((iteration.isStationary ?? isStationary)(point, tolerance)) {
      const lower = await iteration.escape?.(point);
      if (lower === undefined) return ended(done, true, "the gradient is 0 to within the tolerance");
      point = lower;
    } else {
      if (done === most) return ended(done, false, `the most iterations, ${most}, were done`);
      ({ to: point, end } = await iteration.step(point));
    }
    done++;
    const last = yield { log: { iteration: done, value: point.value, gradientNorm: maxNorm(point.gradient) }, point };
    if (end !== undefined) return ended(done, end.converged, end.reason);
    if (last) return ended(done, false, "onIteration asked for the end");
  }
}

const USUAL_TOLERANCE = {
  value: { float64: 1e-8, float32: 1e-4 },
  residuals: { float64: 1e-12, float32: 1e-5 },
} as const;
