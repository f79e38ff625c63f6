import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { decode, encode, saveModel } from "../../src/io/index.ts";
import type { Loss } from "../../src/loss/index.ts";
import { dense, initialize, states } from "../../src/nn/index.ts";
import { adam, l1, sgd } from "../../src/optim/index.ts";
import {
  type Callback,
  checkpoint,
  earlyStopping,
  type FitOptions,
  type FitResult,
  fit,
} from "../../src/train/index.ts";
import { type optimizers, options } from "./interruptible.ts";
import { course, labelled, network, regression, weightsOf } from "./toy.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(folder, `${++files}.checkpoint`);

const stopAfter = (epoch: number): Callback => ({
  onEpochEnd: (log, context) => (log.epoch === epoch ? context.stop("interrupted") : undefined),
});

/** Trains a new network, as a new process would. */
async function outcome(settings: FitOptions) {
  const model = network();
  const result: FitResult = await fit(model, settings);
  const { seconds: _, ...rest } = result;
  const keys = Object.values(states(model)).map(({ value }) => [...value.dataSync()]);
  return { ...rest, weights: weightsOf(model), keys };
}

describe("a resumed training", () => {
  it.each(["adam", "momentum", "wrapped"] as const)(
    "with %s is the same to the bit as an uninterrupted one",
    async (optimizer: keyof typeof optimizers) => {
      const whole = await outcome(options(optimizer));
      expect(whole.epochs).toBeGreaterThan(5);
      for (const epoch of [1, 4]) {
        const path = newPath();
        const part = await outcome(options(optimizer, stopAfter(epoch), checkpoint({ path })));
        expect(part.epochs).toBe(epoch);
        expect(await outcome({ ...options(optimizer), resume: path })).toEqual(whole);
      }
    },
  );

  it("goes on from the last finished epoch after an interruption in the middle of one", async () => {
    const path = newPath();
    const whole = await outcome(options("adam"));
    const midway: Callback = {
      onBatchEnd: ({ step }, context) => (step === 8 ? context.stop("interrupted") : undefined),
    };
    expect((await outcome(options("adam", midway, checkpoint({ path })))).epochs).toBe(2);
    expect(await outcome({ ...options("adam"), resume: path })).toEqual(whole);
  });

  it("may be given as bytes, and may be interrupted again", async () => {
    const [path, second] = [newPath(), newPath()];
    const whole = await outcome(options("adam"));
    await outcome(options("adam", stopAfter(2), checkpoint({ path })));
    await outcome({ ...options("adam", stopAfter(5), checkpoint({ path: second })), resume: readFileSync(path) });
    expect(await outcome({ ...options("adam"), resume: second })).toEqual(whole);
  });

  it("remembers what earlyStopping has seen, wherever it stands among the callbacks", async () => {
    const scores = [5, 1, 2, 3, 4, 0];
    const path = newPath();
    const settings = (from: number, ...callbacks: Callback[]): FitOptions => ({
      ...options("adam"),
      validation: undefined,
      metrics: [course(scores.slice(from))],
      callbacks: [...callbacks, earlyStopping({ monitor: "score", patience: 3 })],
    });
    const whole = await outcome(settings(0));
    expect(whole).toMatchObject({ epochs: 5, bestEpoch: 2 });
    await outcome(settings(0, checkpoint({ path }), stopAfter(3)));
    expect(await outcome({ ...settings(3), resume: path })).toEqual(whole);
    // Resumed after it had ended, it has nothing left to do.
    await outcome(settings(0, checkpoint({ path })));
    expect(await outcome({ ...settings(5), resume: path })).toEqual(whole);
  });

  it("may have more epochs than before", async () => {
    const path = newPath();
    const short = { ...options("momentum"), callbacks: [checkpoint({ path })], epochs: 3 };
    await outcome(short);
    const whole = await outcome({ ...short, callbacks: [], epochs: 6 });
    expect(await outcome({ ...short, callbacks: [], epochs: 6, resume: path })).toEqual(whole);
  });

  it("has the same history, infinite and undefined numbers included", async () => {
    const path = newPath();
    const scores = [Number.NaN, Number.POSITIVE_INFINITY, -0, 1];
    const settings = (from: number, ...callbacks: Callback[]): FitOptions => ({
      ...options("adam"),
      validation: undefined,
      metrics: [course(scores.slice(from))],
      callbacks,
      epochs: 4,
    });
    await outcome(settings(0, stopAfter(3), checkpoint({ path })));
    const { history } = await outcome({ ...settings(3), resume: path });
    expect(history.map(({ score }) => score)).toEqual(scores);
  });
});

describe("checkpoint", () => {
  it("is written every so many epochs, as a safetensors file", async () => {
    const path = newPath();
    const seen: number[] = [];
    const look: Callback = {
      onEpochEnd: () => {
        const there = existsSync(path);
        seen.push(
          there
            ? (JSON.parse(decode(readFileSync(path)).metadata.record as string) as { history: unknown[] }).history
                .length
            : 0,
        );
      },
    };
    await outcome({ ...options("adam"), callbacks: [look, checkpoint({ path, every: 2 })], epochs: 5 });
    expect(seen).toEqual([0, 0, 2, 2, 4]);
    const { tensors, metadata } = decode(readFileSync(path));
    expect(metadata).toMatchObject({ format: "chainrule checkpoint", format_version: "1" });
    expect(Object.keys(tensors)).toContain("optimizer/0.weight.mean");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("refuses wrong options, and says which file cannot be written", async () => {
    expect(() => checkpoint({} as never)).toThrow("checkpoint: path must name a file; it is undefined.");
    expect(() => checkpoint({ path: "a", every: 0 })).toThrow("checkpoint: every must be an integer ≥ 1; it is 0.");
    expect(() => checkpoint({ path: "a", each: 1 } as never)).toThrow(
      'checkpoint: unknown option "each"; there are path, every.',
    );
    const path = join(folder, "no such folder", "a");
    await expect(outcome(options("adam", checkpoint({ path })))).rejects.toThrow(`${path} cannot be written`);
  });

  it("is complete whenever the process is killed", async () => {
    const path = newPath();
    const program = fileURLToPath(new URL("interruptible.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@chainrule/source", program, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    let text = "";
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes("epoch 4\n")) child.kill("SIGKILL");
    }
    expect(await ended).toBe("SIGKILL");
    const settings = { ...options("adam"), callbacks: [] };
    const told = Number(/(\d+)\n$/.exec(text)?.[1]);
    const epochs = told + 3;
    const resumed = await outcome({ ...settings, resume: path, epochs });
    expect(resumed.epochs).toBe(epochs);
    expect(resumed).toEqual(await outcome({ ...settings, epochs }));
  });
});

describe("resume refuses", () => {
  const path = join(folder, "good");
  const settings = options("adam");
  const resume = (more: Partial<FitOptions>, model = network()) => fit(model, { ...settings, resume: path, ...more });

  it("other settings, naming the one that changed, and leaves the model alone", async () => {
    await outcome(options("adam", stopAfter(2), checkpoint({ path })));
    const changed: [Partial<FitOptions>, string][] = [
      [{ seed: 5 }, "fit: the checkpoint was written with seed 4, and now it is 5. Resume with the same settings."],
      [{ batchSize: 4 }, "written with batchSize 8, and now it is 4."],
      [{ shuffle: false }, "written with shuffle true, and now it is false."],
      [{ train: regression(30) }, "written with examples 21, and now it is 24."],
      [{ loss: (p, t) => p.sub(t).square().mean() }, 'written with loss "meanSquaredError", and now it is "loss".'],
      [{ optimizer: sgd(0.1) }, 'written with optimizer {"name":"adam"'],
      [{ optimizer: adam(0.5) }, '"learningRate":0.5'],
      [
        { regularizer: l1(1e-3) },
        'written with regularizer {"name":"l2","lambda":0.001}, and now it is {"name":"l1","lambda":0.001}.',
      ],
      [{ sampleWeights: new Float32Array(26).fill(1) }, 'written with data "'],
      [
        { callbacks: [] },
        "fit: the checkpoint holds the state of 1 callbacks such as earlyStopping, and now there are 0. Resume with the same ones.",
      ],
    ];
    for (const [more, message] of changed) {
      const model = initialize(network(), { seed: 1 });
      const before = weightsOf(model);
      await expect(resume(more, model)).rejects.toThrow(message);
      expect(weightsOf(model)).toEqual(before);
    }
  });

  it("another model, naming what does not fit, and leaves it alone", async () => {
    const wider = initialize(network(2), { seed: 1 });
    const before = weightsOf(wider);
    await expect(resume({ train: labelled(26, 2), loss: settings.loss }, wider)).rejects.toThrow();
    const two = { x: regression(26).x, y: regression(26).y };
    const wide: Loss = (p, t) => p.sub(t).square().mean();
    Object.defineProperty(wide, "name", { value: settings.loss.name });
    await expect(resume({ train: two, loss: wide }, wider)).rejects.toThrow(
      'fit: the checkpoint does not fit the model: "3.weight" is float32[8, 1] there and float32[8, 2] here; "3.bias" is float32[1] there and float32[2] here.',
    );
    expect(weightsOf(wider)).toEqual(before);
    await expect(resume({}, dense(3, 1) as never)).rejects.toThrow(
      'fit: the checkpoint does not fit the model: it has no "weight", "bias"; it has "0.bias", "0.weight"',
    );
  });

  it("files that are missing, damaged, of another kind or newer", async () => {
    await expect(resume({ resume: join(folder, "none") })).rejects.toThrow(
      `${join(folder, "none")} cannot be read: ENOENT`,
    );
    const bytes = readFileSync(path);
    const damaged = join(folder, "damaged");
    writeFileSync(damaged, bytes.subarray(0, bytes.length - 5));
    await expect(resume({ resume: damaged })).rejects.toThrow(
      `${damaged} is not a valid safetensors file: it is truncated`,
    );
    const model = join(folder, "model.safetensors");
    await saveModel(network(), model);
    await expect(resume({ resume: model })).rejects.toThrow(
      `${model} is not a checkpoint of training. To load a model file use loadModel.`,
    );
    const { tensors, metadata } = decode(bytes);
    await expect(resume({ resume: encode(tensors, { ...metadata, format_version: "2" }) })).rejects.toThrow(
      "the file is a checkpoint of version 2; this library reads version 1. Resume with the library that wrote it.",
    );
    await expect(resume({ resume: encode(tensors, { ...metadata, record: "{" }) })).rejects.toThrow(
      "the file is a damaged checkpoint: its record is not JSON.",
    );
    await expect(resume({ resume: encode(tensors, { ...metadata, record: "{}" }) })).rejects.toThrow(
      "fit: the checkpoint is damaged: its record is incomplete.",
    );
    const { "optimizer/step": _, ...fewer } = tensors;
    await expect(resume({ resume: encode(fewer, metadata) })).rejects.toThrow(
      'fit: the checkpoint does not fit the optimizer: it has no "step".',
    );
    await expect(resume({ resume: 5 as never })).rejects.toThrow(
      "A path, a URL or bytes are needed to read from, not 5.",
    );
  });
});
