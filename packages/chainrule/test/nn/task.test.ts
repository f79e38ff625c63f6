import { afterEach, describe, expect, it, vi } from "vitest";
import {
  binaryCrossEntropy,
  hinge,
  klDivergence,
  type Loss,
  meanSquaredError,
  negativeLogLikelihood,
  softmaxCrossEntropy,
  withOptions,
} from "../../src/loss/index.ts";
import * as nn from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { fit } from "../../src/train/index.ts";
import { grad } from "../../src/transform/index.ts";

const { dense, outputMismatch, sequential, task } = nn;
const ending = (...last: nn.Layer[]) => sequential(dense(2, 3), ...last);

describe("task", () => {
  it("chooses linear and squared error, sigmoid and binary, softmax and categorical cross-entropy", () => {
    const chosen = (["regression", "binary", "classification"] as const).map((kind) => {
      const { activation, output, loss } = task(kind);
      return [activation.name, output.name, loss.name];
    });
    expect(chosen).toEqual([
      ["linear", "linear", "meanSquaredError"],
      ["sigmoid", "linear", "binaryCrossEntropy"],
      ["softmax", "linear", "softmaxCrossEntropy"],
    ]);
  });

  it("gives the same loss and predictions for logits and for probabilities", () => {
    const z = tensor([[1, -2, 0.5]], { dtype: "float64" });
    const y = tensor([[0, 0, 1]]);
    for (const kind of ["binary", "classification"] as const) {
      const [logits, chances] = [task(kind), task(kind, { from: "probabilities" })];
      expect(chances.loss(chances.output(z), y).itemSync()).toBeCloseTo(
        logits.loss(logits.output(z), y).itemSync(),
        13,
      );
      expect(chances.predict(chances.output(z)).arraySync()).toEqual(logits.predict(logits.output(z)).arraySync());
      const slopes = grad((v: Tensor) => logits.loss(v, y, { reduction: "sum" }))(z).dataSync();
      const scale = kind === "binary" ? 3 : 1;
      logits
        .predict(z)
        .dataSync()
        .forEach((p, i) => {
          expect((slopes[i] as number) * scale).toBeCloseTo(p - Number(i === 2), 13);
        });
    }
  });

  it("has no mismatch in what it chooses", () => {
    for (const kind of ["regression", "binary", "classification"] as const) {
      for (const from of ["logits", "probabilities"] as const) {
        const { output, loss } = task(kind, { from });
        expect([kind, from, outputMismatch(ending(output), loss)]).toEqual([kind, from, undefined]);
      }
    }
  });

  it("refuses another task", () => {
    expect(() => task("ranking" as never)).toThrow(
      'task: the kind must be one of "classification", "regression", "binary"; it is "ranking".',
    );
    expect(() => task("binary", { logits: true } as never)).toThrow('task: unknown option "logits"; there are from.');
  });
});

describe("outputMismatch", () => {
  const fromProbabilities = withOptions(softmaxCrossEntropy, { from: "probabilities" });
  it.each<[string, nn.Sequential, Loss, string]>([
    [
      "softmax twice",
      ending(nn.softmax),
      softmaxCrossEntropy,
      "The model ends with softmax, and softmaxCrossEntropy takes logits, to which it applies the activation itself. " +
        'Drop the softmax, or use withOptions(softmaxCrossEntropy, { from: "probabilities" }).',
    ],
    [
      "sigmoid twice",
      ending(nn.sigmoid),
      binaryCrossEntropy,
      "The model ends with sigmoid, and binaryCrossEntropy takes logits, to which it applies the activation itself. " +
        'Drop the sigmoid, or use withOptions(binaryCrossEntropy, { from: "probabilities" }).',
    ],
    [
      "softmax for questions of yes or no",
      ending(nn.softmax),
      binaryCrossEntropy,
      "The model ends with softmax, whose probabilities sum to 1, and binaryCrossEntropy asks each output a question of yes or no " +
        "by itself. For one class among several drop the softmax and use softmaxCrossEntropy; for questions that do not exclude " +
        "each other drop the softmax alone.",
    ],
    [
      "softmax for questions of yes or no, from probabilities",
      ending(nn.softmax),
      withOptions(binaryCrossEntropy, { from: "probabilities" }),
      "For one class among several drop the softmax and use softmaxCrossEntropy",
    ],
    [
      "softmax of one output",
      sequential(dense(2, 1), nn.softmax),
      withOptions(binaryCrossEntropy, { from: "probabilities" }),
      "The model ends with softmax of one output, which is always the same, so nothing is learned. Drop the softmax: " +
        "binaryCrossEntropy takes the logit.",
    ],
    ["relu before a softmax", ending(nn.relu), softmaxCrossEntropy, "Drop the relu."],
    [
      "no softmax",
      ending(),
      fromProbabilities,
      "The model ends with a linear layer, and softmaxCrossEntropy takes probabilities. End with softmax, or use " +
        'withOptions(softmaxCrossEntropy, { from: "logits" }).',
    ],
    [
      "no logarithm",
      ending(nn.softmax),
      negativeLogLikelihood,
      'takes log-probabilities. End with logSoftmax instead, or use withOptions(negativeLogLikelihood, { from: "probabilities" }).',
    ],
    ["sigmoid in a divergence", ending(nn.sigmoid), klDivergence, "klDivergence takes logits"],
    [
      "sigmoid with squared error",
      ending(nn.sigmoid),
      meanSquaredError,
      "The model ends with sigmoid, and meanSquaredError is for real values: where the activation saturates, its gradient " +
        "vanishes even if the prediction is wrong. For real values end with linear; for classes drop the sigmoid and use " +
        "binaryCrossEntropy, which takes logits.",
    ],
    [
      "softmax with squared error",
      ending(nn.softmax),
      meanSquaredError,
      "use softmaxCrossEntropy, which takes logits.",
    ],
    ["sigmoid with hinge", ending(nn.sigmoid), hinge, "hinge takes scores of both signs, below −1 and above 1 too."],
    [
      "a step",
      sequential(nn.perceptron(2, 1)),
      meanSquaredError,
      "The model ends with step, whose derivative is 0, so that meanSquaredError cannot train it. Use trainPerceptron",
    ],
    [
      "one class",
      sequential(dense(2, 1)),
      softmaxCrossEntropy,
      "The model has one output, so the softmax of softmaxCrossEntropy is always 1 and nothing is learned. For two classes",
    ],
    ["one class, activated", sequential(dense(2, 1), nn.softmax), fromProbabilities, "The model has one output"],
    [
      "a layer inside",
      sequential(sequential(dense(2, 3), nn.softmax), nn.dropout(0.1), nn.gaussianNoise(0.1)),
      softmaxCrossEntropy,
      "ends with softmax",
    ],
  ])("finds %s", (_, model, loss, text) => {
    expect(outputMismatch(model, loss)).toContain(text);
  });

  it("lets pass what goes together, and what it cannot know", () => {
    class Own extends nn.Module {
      forward(x: Tensor): Tensor {
        return x.softmax();
      }
    }
    const good: [nn.AnyModule, Loss][] = [
      [ending(), softmaxCrossEntropy],
      [ending(nn.linear), binaryCrossEntropy],
      [ending(nn.softmax), fromProbabilities],
      [ending(nn.logSoftmax), negativeLogLikelihood],
      [ending(nn.tanh), meanSquaredError],
      [ending(), hinge],
      [ending((x) => x.softmax()), softmaxCrossEntropy],
      [new Own(), softmaxCrossEntropy],
      [ending(nn.softmax), (p, t) => p.sub(t).square().mean()],
      [sequential(), softmaxCrossEntropy],
    ];
    for (const [model, loss] of good) expect(outputMismatch(model, loss)).toBeUndefined();
  });
});

describe("fit", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("warns of a mismatch, once for a model and a loss", async () => {
    const lines: unknown[] = [];
    vi.spyOn(console, "warn").mockImplementation((line) => lines.push(line));
    const train = {
      x: [
        [0, 1],
        [1, 0],
      ],
      y: [
        [0, 0, 1],
        [1, 0, 0],
      ],
    };
    const options = { train, optimizer: sgd({ learningRate: 0.1 }), epochs: 1, progress: false } as const;
    const model = ending(nn.softmax);
    await fit(model, { ...options, loss: softmaxCrossEntropy });
    await fit(model, { ...options, loss: softmaxCrossEntropy });
    expect(lines).toEqual([
      expect.stringContaining("chainrule: The model ends with softmax, and softmaxCrossEntropy takes"),
    ]);
    await fit(model, { ...options, loss: meanSquaredError });
    await fit(ending(), { ...options, loss: softmaxCrossEntropy });
    expect(lines).toHaveLength(2);
  });
});
