/** How good outputs are: the loss that is minimized, and the figure that people read. */
import type { Task } from "./types.ts";

export interface Scores {
  /** Mean cross-entropy in nats, or mean squared error of standardized values. */
  readonly loss: number;
  /** Accuracy; of a regression R², 1 − squared error / squared deviation from the mean. */
  readonly score: number;
}

/** What the score of a task is called. */
export const scoreName = (task: Task): "accuracy" | "R²" => (task === "regression" ? "R²" : "accuracy");

/**
 * @param given logits or standardized values, row after row
 * @param wanted a class number, 0 or 1, or a standardized value for each row
 */
export function scoresOf(task: Task, given: ArrayLike<number>, wanted: ArrayLike<number>): Scores {
  if (task === "regression") return squared(given, wanted);
  return task === "binary" ? logistic(given, wanted) : softmax(given, wanted);
}

function squared(given: ArrayLike<number>, wanted: ArrayLike<number>): Scores {
  const count = wanted.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += (wanted[i] as number) / count;
  let [error, deviation] = [0, 0];
  for (let i = 0; i < count; i++) {
    error += ((given[i] as number) - (wanted[i] as number)) ** 2;
    deviation += ((wanted[i] as number) - mean) ** 2;
  }
  // Targets that are all the same have no deviation to explain: 1 for those met exactly, else 0.
  const unexplained = deviation > 0 ? error / deviation : error > 0 ? 1 : 0;
  return { loss: error / count, score: 1 - unexplained };
}

function logistic(logits: ArrayLike<number>, wanted: ArrayLike<number>): Scores {
  let [loss, right] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    // The logit of the class that it is: the loss is softplus(−z), computed so that nothing overflows.
    const z = (wanted[i] === 1 ? 1 : -1) * (logits[i] as number);
    loss += Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    if ((logits[i] as number) > 0 === (wanted[i] === 1)) right++;
  }
  return { loss: loss / wanted.length, score: right / wanted.length };
}

function softmax(logits: ArrayLike<number>, wanted: ArrayLike<number>): Scores {
  const classes = logits.length / wanted.length;
  let [loss, right] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const start = i * classes;
    let best = start;
    for (let at = start + 1; at < start + classes; at++) {
      if ((logits[at] as number) > (logits[best] as number)) best = at;
    }
    const highest = logits[best] as number;
    let sum = 0;
    for (let at = start; at < start + classes; at++) sum += Math.exp((logits[at] as number) - highest);
    const own = start + (wanted[i] as number);
    loss += highest - (logits[own] as number) + Math.log(sum);
    if (best === own) right++;
  }
  return { loss: loss / wanted.length, score: right / wanted.length };
}
