/** Several trainings side by side. */
import { Refusal } from "../../state/index.ts";
import type { Service } from "../protocol.ts";
import { PATIENCE, Race } from "../race/index.ts";

/** @param now a clock in milliseconds */
export const race = (now: () => number = () => performance.now()): Service<"race" | "advanceRace"> => {
  let present: Race | undefined;
  return {
    race({ state, wanted }) {
      present = undefined;
      present = new Race(state);
      return { ...present.snapshot(wanted), points: present.points };
    },
    async advanceRace({ advance, wanted }) {
      if (present === undefined) throw new Refusal("No race is on.");
      if (advance !== undefined) await present.advance(advance, now, PATIENCE);
      return present.snapshot(wanted);
    },
  };
};
