/** What the checks of several ideas look at. */
import { percent, rounded, scientific, widthsOf } from "../state/index.ts";
import type { Finding, Seen } from "./idea.ts";

/** A number with few digits, as it is read. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "beyond all numbers";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? scientific(value) : rounded(value, 3);
}

/** The training points are right, at least this share of them. */
export const learned =
  (share: number) =>
  ({ snapshot }: Seen): Finding => {
    const { accuracy = 0 } = snapshot.training;
    return { met: accuracy >= share, said: `${percent(accuracy)} right` };
  };

/** So many epochs went by; before, it says how many are left. */
export const after =
  (epochs: number, look: (seen: Seen) => Finding) =>
  (seen: Seen): Finding => {
    const { epoch } = seen.snapshot;
    const found = look(seen);
    return epoch >= epochs - 0.001
      ? found
      : { met: false, said: `${found.said}; round ${Math.floor(epoch)} of ${epochs}` };
  };

/** The share of right points was never higher, in all the training so far. */
export const neverAbove =
  (share: number) =>
  ({ curves }: Seen): Finding => {
    const best = Math.max(0, ...curves.trainingAccuracy.map((value) => value ?? 0));
    return { met: best <= share + 1e-9, said: `the best so far is ${percent(best)}` };
  };

/** The epoch, counted from 1, in which each of the values in the curves was; 0 for that before the first step. */
export function roundsOf({ curves, snapshot }: Pick<Seen, "curves" | "snapshot">): number[] {
  const perEpoch = snapshot.epoch > 0 ? snapshot.step / snapshot.epoch : 1;
  return curves.step.map((step) => Math.ceil(step / perEpoch - 1e-6));
}

/** The epoch in which at least this share was right for the first time. */
export const firstRight = (seen: Pick<Seen, "curves" | "snapshot">, share: number): number | undefined =>
  roundsOf(seen)[seen.curves.trainingAccuracy.findIndex((accuracy) => (accuracy ?? 0) >= share)];

/** The weights of a layer without the biases, a list for each unit; then its bias. */
export function unitsOf({ state, snapshot }: Pick<Seen, "state" | "snapshot">, layer: number): number[][] {
  const widths = widthsOf(state);
  let at = 0;
  for (let i = 0; i < layer; i++) at += ((widths[i] as number) + 1) * (widths[i + 1] as number);
  const [inputs, units] = [widths[layer] as number, widths[layer + 1] as number];
  return Array.from({ length: units }, (_, unit) =>
    Array.from({ length: inputs + 1 }, (_, from) => snapshot.weights[at + from * units + unit] as number),
  );
}

/** All weights that are not biases. */
export const weightsOf = (seen: Pick<Seen, "state" | "snapshot">): number[] =>
  widthsOf(seen.state)
    .slice(1)
    .flatMap((_, layer) => unitsOf(seen, layer).flatMap((unit) => unit.slice(0, -1)));
