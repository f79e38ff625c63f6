/** A model file, opened and tried. */
import { Refusal } from "../../state/index.ts";
import type { Opened } from "../model/index.ts";
import type { Service } from "../protocol.ts";

/** Fetched when there is a file: who trains does not need it. */
const code = () => import("../model/index.ts");

export function model(): Service<"openModel" | "tryModel" | "modelRow" | "modelFlow" | "modelPass" | "modelWeights"> {
  let opened: Opened | undefined;
  let ids = 0;
  const the = (id: number): Opened => {
    if (opened === undefined || opened.facts.id !== id) throw new Refusal("Another model was opened in the meantime.");
    return opened;
  };
  return {
    async openModel({ bytes, name }) {
      // What was open stays open where another one is refused.
      opened = await (await code()).openModel(bytes, name, ++ids);
      return opened.facts;
    },
    tryModel: async ({ model: id, input }) => (await code()).tryModel(the(id), input),
    modelRow: async ({ model: id, text }) => (await code()).readRow(the(id), text),
    modelFlow: async ({ model: id, case: one }) => (await code()).followRow(the(id), one),
    modelPass: async ({ model: id, case: one }) => (await code()).passRow(the(id), one),
    modelWeights: async ({ model: id, name, case: one }) => (await code()).weightFacts(the(id), name, one),
  };
}
