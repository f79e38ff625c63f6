import { describe, expect, it } from "vitest";
import { softmaxCrossEntropy } from "../../src/loss/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { fit, type ProgressStream } from "../../src/train/index.ts";
import { Progress } from "../../src/train/progress.ts";
import { labelled, network } from "./toy.ts";

class Stream implements ProgressStream {
  text = "";
  readonly isTTY: boolean | undefined;
  readonly columns: number | undefined;

  constructor(isTTY?: boolean, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  /** What has been written since the last call. */
  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }
}

const plan = { epochs: 10, done: 0, steps: 50, examples: 1000 };
const CLEAR = "\r\u001b[2K";

describe("progress on a terminal", () => {
  it("is one line that is rewritten: epoch, step, loss, speed, time left, and the last validation", () => {
    const stream = new Stream(true);
    const progress = new Progress(stream, plan, 0);
    // 5 of 500 steps took 0.2 s; 100 of 1000 examples.
    progress.step(1, 5, 0.123456, 200);
    expect(stream.take()).toBe(`${CLEAR}epoch  1/10  step 5/50  loss 0.1235  500 examples/s  20 s left`);
    progress.epoch({ epoch: 1, loss: 0.1, validationLoss: 0.25, validationAccuracy: 0.5 }, 2000);
    expect(stream.take()).toBe(
      `${CLEAR}epoch  1/10  step 50/50  loss 0.1000  validation loss 0.2500  validation accuracy 0.5000  500 examples/s  18 s left`,
    );
    progress.step(2, 25, 0.00001, 2500);
    expect(stream.take()).toBe(
      `${CLEAR}epoch  2/10  step 25/50  loss 1.00e-5  validation loss 0.2500  validation accuracy 0.5000  1,000 examples/s  15 s left`,
    );
    progress.end(2600);
    expect(stream.take()).toBe("\n");
  });

  it("is rewritten ten times a second at most, and shows the end", () => {
    const stream = new Stream(true);
    const progress = new Progress(stream, plan, 0);
    for (let now = 1; now <= 950; now++) progress.step(1, 1, 1, now);
    expect(stream.take().split(CLEAR).length - 1).toBe(10);
    progress.epoch({ epoch: 1, loss: 0.5 }, 1000);
    expect(stream.take()).toBe("");
    progress.end(1000);
    expect(stream.take()).toBe(`${CLEAR}epoch  1/10  step 50/50  loss 0.5000  1,000 examples/s  9 s left\n`);
  });

  it("says less on a terminal of 80 columns, and keeps to any width", () => {
    const log = { epoch: 1, loss: 0.5, validationLoss: 0.4, validationAccuracy: 0.9 };
    const stream = new Stream(true, 80);
    const progress = new Progress(stream, plan, 0);
    progress.epoch(log, 1000);
    stream.take();
    progress.step(2, 25, 0.25, 1500);
    expect(stream.take()).toBe(`${CLEAR}epoch  2/10  25/50  loss 0.2500  val. accuracy 0.9000  1,000/s  9 s left`);
    const narrow = new Stream(true, 20);
    new Progress(narrow, plan, 0).step(1, 5, 0.1, 100);
    expect(narrow.take()).toBe(`${CLEAR}epoch  1/10  5/50  `);
  });
});

describe("progress in a file", () => {
  it("is a line for an epoch, at most ten a second, the last one always", () => {
    const stream = new Stream();
    const progress = new Progress(stream, { ...plan, epochs: 3 }, 0);
    progress.step(1, 5, 1, 500);
    expect(stream.take()).toBe("");
    progress.epoch({ epoch: 1, loss: 0.5 }, 60_000);
    expect(stream.take()).toBe("epoch 1/3  step 50/50  loss 0.5000  17 examples/s  2 min 0 s left\n");
    progress.epoch({ epoch: 2, loss: 0.4 }, 60_010);
    progress.epoch({ epoch: 3, loss: 0.3 }, 60_020);
    expect(stream.take()).toBe("");
    progress.end(60_030);
    expect(stream.take()).toMatch(/^epoch 3\/3 {2}step 50\/50 {2}loss 0\.3000 {2}.* examples\/s {2}0 s left\n$/);
  });

  it("reckons the time left of a resumed training from its own epochs", () => {
    const stream = new Stream();
    const progress = new Progress(stream, { ...plan, done: 8 }, 0);
    progress.epoch({ epoch: 9, loss: 0.5 }, 3000);
    expect(stream.take()).toContain("3 s left");
  });
});

describe("fit", () => {
  const options = {
    train: labelled(20, 2),
    validation: 0.2,
    loss: softmaxCrossEntropy,
    optimizer: sgd(0.1),
    metrics: ["accuracy"] as const,
  };

  it("writes progress to the stream it is given", async () => {
    const [file, terminal] = [new Stream(false), new Stream(true, 200)];
    for (const progress of [file, terminal]) await fit(network(2), { ...options, batchSize: 4, epochs: 1, progress });
    const line =
      /epoch 1\/1 {2}step 4\/4 {2}loss \d\.\d{4} {2}validation loss \d\.\d{4} {2}validation accuracy [01]\.\d{4} {2}[\d,]+ examples\/s {2}0 s left\n$/;
    expect(file.text).toMatch(line);
    expect(file.text.split("\n").length).toBe(2);
    expect(terminal.text).toMatch(line);
    expect(terminal.text.startsWith(CLEAR)).toBe(true);
  });

  it("leaves the cursor on a line of its own when training fails", async () => {
    const terminal = new Stream(true);
    const failing = {
      onBatchEnd: () => {
        throw new Error("stop here");
      },
    };
    await expect(fit(network(2), { ...options, progress: terminal, callbacks: [failing] })).rejects.toThrow(
      "stop here",
    );
    expect(terminal.text).toMatch(/left\n$/);
  });
});
