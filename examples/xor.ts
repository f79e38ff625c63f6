// A two-layer network learns the exclusive or: the loop by hand, with one compiled step.
import { tensor } from "chainrule";
import { binaryCrossEntropy } from "chainrule/loss";
import { dense, initialize, sequential, tanh } from "chainrule/nn";
import { adam } from "chainrule/optim";
import { predict, trainStep } from "chainrule/train";

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

const model = sequential(dense(2, 8), tanh, dense(8, 1));
initialize(model, { seed: 0 });

const step = trainStep(model, adam(0.05), (batch) => binaryCrossEntropy(model(batch.x), batch.y));
for (let i = 1; i <= 300; i++) {
  const { loss } = step({ x, y });
  if (i % 100 === 0) console.log(`step ${i}: loss ${(await loss.item()).toFixed(4)}`);
}

const logits = await predict(model, x);
console.log(await logits.sigmoid().greater(0.5).array());
// prints: [ [ false ], [ true ], [ true ], [ false ] ]
