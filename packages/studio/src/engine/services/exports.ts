/** What is taken away from a training. */
import { saveModel } from "chainrule/io";
import { featureTensor, gridPoints } from "../../data/index.ts";
import { toLink } from "../../state/index.ts";
import { readOutputs } from "../network.ts";
import { programOf } from "../program/index.ts";
import type { Service } from "../protocol.ts";
import type { Session } from "../session.ts";

export const exports = (session: Session): Service<"program" | "modelFile" | "fineSurface"> => ({
  program: () => programOf(session.trainer),
  modelFile() {
    const { network, state, step } = session.trainer;
    const record = { made_by: "chainrule studio", state: toLink(state), inputs: [...state.features], steps: step };
    return saveModel(network.model, undefined, { record });
  },
  fineSurface({ side }) {
    const { network, state } = session.trainer;
    const outputs = network.model(featureTensor(gridPoints(side), state.features));
    return readOutputs(state, outputs).transpose().dataSync() as Float32Array;
  },
});
