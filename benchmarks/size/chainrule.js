// Defines, fits and predicts a multilayer perceptron, as a page would.
import { tensor } from "chainrule";
import { softmaxCrossEntropy } from "chainrule/loss";
import { dense, relu, sequential } from "chainrule/nn";
import { adam } from "chainrule/optim";
import { fit, predict } from "chainrule/train";

const model = sequential(dense(4, 16), relu, dense(16, 3));
const x = tensor([
  [5.1, 3.5, 1.4, 0.2],
  [6.2, 2.9, 4.3, 1.3],
  [5.9, 3, 5.1, 1.8],
]);
const y = tensor([0, 1, 2], { dtype: "int32" });
await fit(model, { train: { x, y }, loss: softmaxCrossEntropy, optimizer: adam(0.01), epochs: 100, batchSize: 3 });
document.title = String(await (await predict(model, x)).array());
