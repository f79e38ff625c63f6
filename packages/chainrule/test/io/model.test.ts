import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Standardizer, standardize } from "../../src/data/index.ts";
import { decode, encode, loadModel, loadWeights, readModelFile, saveModel } from "../../src/io/index.ts";
import {
  dense,
  dropout,
  initialize,
  leakyRelu,
  Module,
  params,
  register,
  sequential,
  states,
  tanh,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-model-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const network = () =>
  sequential(dense(3, 4), tanh, dropout(0.25), dense(4, 4, { bias: false }), leakyRelu(0.2), dense(4, 2));
const x = tensor([
  [0.5, -1, 2],
  [1e-3, 4, -0.25],
]);

class Residual extends Module {
  static readonly type = "residual (io test)";
  inner: Module;
  constructor(inner: Module) {
    super();
    this.inner = inner;
  }
  forward(input: Tensor): Tensor {
    return input.add(this.inner(input));
  }
}

describe("a saved model", () => {
  it("is loaded with its architecture, weights and states, and predicts the same bits", async () => {
    const model = initialize(network(), { seed: 5 });
    const path = join(folder, "net.safetensors");
    const bytes = await saveModel(model, path);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    for (const source of [path, bytes]) {
      const copy = await loadModel(source);
      expect(Object.keys(params(copy))).toEqual(["0.weight", "0.bias", "3.weight", "5.weight", "5.bias"]);
      expect(copy(x).dataSync()).toEqual(model(x).dataSync());
      expect(states(copy)["2.key"]?.value.dataSync()).toEqual(states(model)["2.key"]?.value.dataSync());
    }
  });

  it("holds a record, such as the preprocessing", async () => {
    const scaler = standardize(x);
    const bytes = await saveModel(dense(3, 1), undefined, { record: { scaler: scaler.toJSON(), classes: ["a", "b"] } });
    const { record, metadata } = await readModelFile(bytes);
    expect(record.classes).toEqual(["a", "b"]);
    expect(
      Standardizer.fromJSON(record.scaler as never)
        .apply(x)
        .dataSync(),
    ).toEqual(scaler.apply(x).dataSync());
    expect([metadata.format, metadata.format_version]).toEqual(["chainrule", "1"]);
    expect((await readModelFile(await saveModel(dense(1, 1)))).record).toEqual({});
  });

  it("may have layers of one's own, if they are registered", async () => {
    const layer = new Residual(dense(3, 3));
    await expect(saveModel(layer)).rejects.toThrow("saveModel: loadModel could not make this model again: ");
    await expect(saveModel(layer)).rejects.toThrow("use the option loadable: false.");
    const bytes = await saveModel(layer, undefined, { loadable: false });
    await expect(loadModel(bytes)).rejects.toThrow('is of the type "residual (io test)", which is not registered');
    register("residual (io test)", (_config, layers) => new Residual(layers.inner as Module));
    const copy = await loadModel(bytes);
    expect(copy).toBeInstanceOf(Residual);
    expect(Object.keys(params(copy))).toEqual(["inner.weight", "inner.bias"]);
  });

  it("is not overwritten by one that cannot be saved", async () => {
    const path = join(folder, "net.safetensors");
    const old = await saveModel(dense(1, 1), path);
    const loop: Record<string, unknown> = { when: Number.NaN };
    const attempt = (record: unknown) => saveModel(dense(2, 2), path, { record: record as never });
    await expect(attempt(loop)).rejects.toThrow(
      "saveModel: record.when is NaN, which JSON cannot hold. Use numbers, texts, lists and objects.",
    );
    await expect(attempt({ f: [() => 1] })).rejects.toThrow("saveModel: record.f.0 is the function");
    await expect(attempt({ x: undefined })).rejects.toThrow("saveModel: record.x is undefined");
    await expect(attempt({ m: new Map() })).rejects.toThrow("saveModel: record.m is a Map");
    expect(new Uint8Array(readFileSync(path))).toEqual(old);
    expect(readdirSync(folder)).toEqual(["net.safetensors"]);
  });

  it("is refused with a reason if it is damaged, of another kind or newer", async () => {
    const model = dense(2, 1);
    const bytes = await saveModel(model);
    const { tensors, metadata } = decode(bytes);
    const changed = (changes: Record<string, string>) => encode(tensors, { ...metadata, ...changes });
    await expect(loadModel(bytes.slice(0, -1))).rejects.toThrow(
      "the file is not a valid safetensors file: it is truncated",
    );
    await expect(loadModel(encode(tensors))).rejects.toThrow(
      "the file is not a model file of Chainrule: its metadata have no format. If its tensors fit a model, make the model and use loadWeights.",
    );
    await expect(loadModel(changed({ format: "pt" }))).rejects.toThrow('its metadata have the format "pt"');
    await expect(loadModel(changed({ format_version: "2" }))).rejects.toThrow(
      "the file has the format version 2, and this library reads up to 1. Install a newer chainrule.",
    );
    await expect(loadModel(changed({ format_version: "one" }))).rejects.toThrow(
      'the file has the unknown format version "one".',
    );
    await expect(loadModel(changed({ architecture: "{" }))).rejects.toThrow(
      "the file is a damaged model file: the architecture in its metadata is not a JSON object.",
    );
    await expect(loadModel(changed({ record: "3" }))).rejects.toThrow(
      "the record in its metadata is not a JSON object.",
    );
    await expect(loadModel(changed({ architecture: '{"type":"dense","config":{}}' }))).rejects.toThrow(
      "the file holds a model that cannot be made: ",
    );
    const { architecture } = await readModelFile(await saveModel(dense(5, 1)));
    await expect(loadModel(changed({ architecture: JSON.stringify(architecture) }))).rejects.toThrow(
      'the file does not fit the model: "weight" is float32[2, 1] in the file and float32[5, 1] in the model.',
    );
    const path = join(folder, "none.safetensors");
    await expect(loadModel(path)).rejects.toThrow(`${path} cannot be read: ENOENT`);
  });

  it("takes only a model and known options", async () => {
    await expect(saveModel({} as never)).rejects.toThrow("saveModel: takes a model, not an object.");
    await expect(saveModel(dense(1, 1), undefined, { meta: {} } as never)).rejects.toThrow(
      'saveModel: unknown option "meta"',
    );
    await expect(loadWeights({} as never, new Uint8Array())).rejects.toThrow(
      "loadWeights: takes a model, not an object.",
    );
  });
});

describe("loadWeights", () => {
  it("takes a file of any maker whose tensors have the right names, shapes and dtypes", async () => {
    const model = dense(2, 1);
    await loadWeights(model, encode({ weight: tensor([[2], [3]]), bias: tensor([1]) }));
    expect(model(tensor([[10, 100]])).arraySync()).toEqual([[321]]);
  });

  it("lists all that does not fit, and leaves the model as it was", async () => {
    const model = initialize(sequential(dense(2, 3), dense(3, 1)), { seed: 1 });
    const before = model(tensor([[1, 2]])).dataSync();
    const file = encode({
      "0.weight": tensor([
        [1, 2],
        [3, 4],
      ]),
      "0.bias": tensor([1, 2, 3], { dtype: "float64" }),
      "1.weight": tensor([[1], [2], [3]]),
      "2.weight": tensor([1]),
    });
    await expect(loadWeights(model, file)).rejects.toThrow(
      "the file does not fit the model: missing in the file: 1.bias; not of the model: 2.weight; " +
        '"0.weight" is float32[2, 2] in the file and float32[2, 3] in the model; ' +
        '"0.bias" is float64[3] in the file and float32[3] in the model.',
    );
    expect(model(tensor([[1, 2]])).dataSync()).toEqual(before);
  });
});
