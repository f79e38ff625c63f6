/** Optimizers made of another optimizer: what they have in common. */
import { describeValue, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Optimizer, Update, Updated } from "./optimizer.ts";

/** What a wrapper adds to the optimizer in it. */
interface Wrapping extends Pick<Optimizer, "gradientAt" | "trains"> {
  readonly name: string;
  /** Its settings, without the optimizer. */
  readonly config: JsonObject;
  /** Its own state of a parameter. */
  readonly init?: (parameter: Tensor) => Record<string, Tensor>;
  readonly updateAll: (updates: readonly Update[]) => Updated[];
}

/** An optimizer that does more than the one in it. Its state is theirs together. */
export function wrap(inner: Optimizer, { name, config, init, updateAll, ...rest }: Wrapping): Optimizer {
  return {
    name,
    config: { ...config, optimizer: optimizerConfig(inner) },
    init(parameter, info) {
      const [theirs, own] = [inner.init(parameter, info), init?.(parameter) ?? {}];
      const twice = Object.keys(own).find((key) => Object.hasOwn(theirs, key));
      if (twice !== undefined) {
        throw new RangeError(
          `${name}: the optimizer in it keeps a "${twice}" already. Of wrappers that keep the same, such as ema and swa, use one, once.`,
        );
      }
      return { ...theirs, ...own };
    },
    update: (update) => updateAll([update])[0] as Updated,
    updateAll,
    gradientAt: rest.gradientAt ?? inner.gradientAt,
    trains: rest.trains ?? inner.trains,
  };
}

/** An optimizer as JSON. */
export const optimizerConfig = ({ name, config }: Optimizer): JsonObject => ({ name, ...config });

/** @throws TypeError unless it is an optimizer */
export function checkOptimizer(where: string, optimizer: unknown): Optimizer {
  const { init, update } = (optimizer ?? {}) as Partial<Optimizer>;
  if (typeof init === "function" && typeof update === "function") return optimizer as Optimizer;
  throw new TypeError(`${where}: takes an optimizer such as adam(1e-3), not ${describeValue(optimizer)}.`);
}
