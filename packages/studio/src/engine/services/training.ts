/** The training of one network. */
import type { Service } from "../protocol.ts";
import type { Session } from "../session.ts";

export const training = (session: Session): Service<"load" | "weight" | "advance"> => ({
  load({ state, wanted }) {
    const trainer = session.load(state);
    const { training, test } = trainer.examples;
    return {
      snapshot: trainer.snapshot(wanted),
      training: training?.points ?? [],
      test: test?.points ?? [],
      rows: { training: training?.rows ?? [], test: test?.rows ?? [] },
    };
  },
  weight({ layer, from, to, value, wanted }) {
    session.trainer.setWeight(layer, from, to, value);
    return session.trainer.snapshot(wanted);
  },
  async advance({ advance, wanted }) {
    if (advance !== undefined) await session.trainer.advance(advance);
    return session.trainer.snapshot(wanted);
  },
});
