/** A training in which everything has state; as a program of its own it saves checkpoints at the path given until it is killed. */
import { pathToFileURL } from "node:url";
import { meanSquaredError } from "../../src/loss/index.ts";
import { accumulate, adam, clipByGlobalNorm, cosine, ema, l2, type Optimizer, sgd } from "../../src/optim/index.ts";
import { type Callback, checkpoint, earlyStopping, type FitOptions, fit } from "../../src/train/index.ts";
import { network, regression } from "./toy.ts";

export const optimizers: Readonly<Record<"adam" | "momentum" | "wrapped", Optimizer>> = {
  adam: adam(cosine(0.02, { steps: 60 })),
  momentum: sgd({ learningRate: 0.05, momentum: 0.9 }),
  wrapped: ema(accumulate(clipByGlobalNorm(adam(0.02), 1), { batches: 2 }), { decay: 0.8 }),
};

export const options = (optimizer: keyof typeof optimizers, ...callbacks: Callback[]): FitOptions => ({
  train: regression(26),
  validation: { fraction: 0.2, seed: 3 },
  loss: meanSquaredError,
  optimizer: optimizers[optimizer],
  regularizer: l2(1e-3),
  batchSize: 8,
  epochs: 10,
  seed: 4,
  progress: false,
  callbacks: [earlyStopping({ patience: 4 }), ...callbacks],
});

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = process.argv[2] as string;
  const telling: Callback = { onEpochEnd: ({ epoch }) => void process.stdout.write(`epoch ${epoch}\n`) };
  await fit(network(), {
    ...options("adam", telling, checkpoint({ path })),
    epochs: 1e9,
    callbacks: [telling, checkpoint({ path })],
  });
}
