// One step of the mlp row and nothing else; timed from the start of the process.
import * as chainrule from "chainrule";
import { softmaxCrossEntropy } from "chainrule/loss";
import { dense, relu, sequential } from "chainrule/nn";
import { sgd } from "chainrule/optim";
import { trainStep } from "chainrule/train";

const wide = process.argv.includes("wide");
/** @type {(() => unknown) | undefined} */
const enableWideSimd = Reflect.get(chainrule, "enableWideSimd");
if (wide && enableWideSimd === undefined) {
  console.log("this version has no export enableWideSimd");
} else {
  if (wide) enableWideSimd?.();
  const model = sequential(dense(784, 128), relu, dense(128, 64), relu, dense(64, 10));
  const step = trainStep(model, sgd({ learningRate: 0.01, momentum: 0.9 }), ({ x, y }) =>
    softmaxCrossEntropy(model(x), y),
  );
  const x = chainrule.tensor(new Float32Array(64 * 784).fill(0.5), { shape: [64, 784] });
  const y = chainrule.tensor(new Int32Array(64).fill(3), { shape: [64] });
  const loss = step({ x, y }).loss.itemSync();
  console.log(loss > 0 ? "done" : `loss ${loss}`);
}
