/** Networks of one size, each trained on another draw of the same kind of examples: what differs between them is variance. */
import { random, tensor } from "chainrule";
import { meanSquaredError } from "chainrule/loss";
import { dense, initialize, normal, sequential, tanh } from "chainrule/nn";
import { adam } from "chainrule/optim";
import { trainSteps } from "chainrule/train";
import { SPREAD_POINTS, truthAt } from "../ideas.ts";
import type { Service } from "../protocol.ts";

const STEPS = 2000;
/** From [0, 1] to [−2, 2], where tanh with usual weights bends. */
const spreadOut = (x: ArrayLike<number>): Float32Array => Float32Array.from(x, (value) => 4 * value - 2);
const column = (values: Float32Array) => tensor(values, { shape: [values.length, 1] });

const SEEN = column(spreadOut(Array.from({ length: SPREAD_POINTS }, (_, i) => i / (SPREAD_POINTS - 1))));

export const spread: Service<"spread"> = {
  spread({ units, draw, examples, noise }) {
    const key = random.foldIn(random.key(2006), draw);
    // One in each of as many equal parts of [0, 1].
    const places = random
      .uniform(random.foldIn(key, 0), [examples])
      .dataSync()
      .map((u, i) => (i + u) / examples) as Float32Array;
    const disturbances = random.normal(random.foldIn(key, 1), [examples]).dataSync();
    const y = Float32Array.from(places, (x, i) => truthAt(x) + noise * (disturbances[i] as number));
    const weightInit = normal({ deviation: 1 });
    const model = sequential(dense(1, units, { weightInit }), tanh, dense(units, 1));
    initialize(model, { seed: draw });
    const data = { x: column(spreadOut(places)), y: column(y) };
    const steps = trainSteps(model, adam({ learningRate: 0.03 }), (b) => meanSquaredError(model(b.x), b.y), data);
    const order = Int32Array.from({ length: STEPS * examples }, (_, i) => i % examples);
    steps(tensor(order, { shape: [STEPS, examples] }));
    return { curve: model(SEEN).dataSync() as Float32Array };
  },
};
