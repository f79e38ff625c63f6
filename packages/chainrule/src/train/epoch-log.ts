/** What is measured at the end of an epoch, and under which names. */
import type { Dataset } from "../data/index.ts";
import type { Loss } from "../loss/index.ts";
import type { NamedMetric } from "../metrics/named.ts";
import { measure } from "./evaluate.ts";
import type { Model } from "./model.ts";

/** What decides about the entries of a log. */
interface Measured {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly loss: Loss;
  readonly metrics: readonly NamedMetric[];
}

/** Loss and metrics on the validation data; without these, the metrics on the training data. */
export function measureEpoch(
  where: string,
  model: Model,
  { train, validation, loss, metrics }: Measured,
): Record<string, number> {
  if (validation === undefined) return metrics.length > 0 ? measure(where, model, train, undefined, metrics) : {};
  const found = Object.entries(measure(where, model, validation, loss, metrics));
  return Object.fromEntries(found.map(([name, value]) => [validationName(name), value]));
}

const validationName = (name: string): string => `validation${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What the log of an epoch has, besides its number. */
export function loggedNames({ validation, metrics }: Measured): string[] {
  const names = metrics.map(({ name }) => name);
  return validation === undefined ? ["loss", ...names] : ["loss", ...["loss", ...names].map(validationName)];
}
