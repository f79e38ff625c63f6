import fc from "fast-check";
import { compile, setTarget, type Tensor } from "../../src/index.ts";
import { carryOut, inputsOf, recipes } from "./random-functions.ts";
import { verifyProgram } from "../../src/loop/verify.ts";
setTarget("js");
const target = (process.argv[2] ?? "js") as "js"; const n = +(process.argv[3] ?? 300), seed = +(process.argv[4] ?? 1);
let worst = 0; const t0 = performance.now(); let nout = 0, rough=0;
const errs = new Map<string, number>();
const result = fc.check(fc.property(recipes(), (r) => {
  const a = carryOut(r, inputsOf(r));
  const f = compile((...g: Tensor[]) => carryOut(r, g).map(({ value }) => value), { target });
  const { program } = f.program(...inputsOf(r)); verifyProgram(program);
  const out = f(...inputsOf(r));
  out.forEach((o, i) => {
    nout++; const { value, exact } = a[i]!; if (!exact) rough++;
    if (String(o.shape) !== String(value.shape) || o.dtype !== value.dtype) throw new Error("type " + o + value);
    const [x, y] = [o.dataSync(), value.dataSync()];
    for (let j = 0; j < x.length; j++) {
      if (!Number.isFinite(y[j]!)) throw new Error("not finite");
      const d = Math.abs(x[j]! - y[j]!); if (!(d <= worst)) worst = d;
      if (target === "js" || exact ? x[j]! !== y[j]! : !(d < 2e-3)) throw new Error(`out ${i} [${j}] ${x[j]} != ${y[j]} exact ${exact}`);
    }
  });
}), { numRuns: n, seed, interruptAfterTimeLimit: 60000 });
console.log(performance.now() - t0, "worst", worst, nout, rough, result.failed);
if (result.failed) console.log(JSON.stringify(result.counterexample), String((result.errorInstance as Error)?.stack).slice(0, 1500));
