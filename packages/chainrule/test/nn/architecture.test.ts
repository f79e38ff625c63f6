import { describe, expect, it } from "vitest";
import {
  type AnyModule,
  type Architecture,
  build,
  constant,
  dense,
  describe as describeModel,
  dropout,
  elu,
  flatten,
  gelu,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  initialize,
  leakyRelu,
  lecunNormal,
  lecunUniform,
  Module,
  normal,
  ones,
  orthogonal,
  params,
  register,
  relu,
  sequential,
  sigmoid,
  softmax,
  softplus,
  tanh,
  uniform,
  zeros,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

const throughFile = (model: AnyModule): AnyModule =>
  build(JSON.parse(JSON.stringify(describeModel(model))) as Architecture);

class Residual extends Module {
  static readonly type = "residual";
  readonly inner: Module;
  readonly activation: (x: Tensor) => Tensor;
  readonly scale: number;
  constructor(inner: Module, scale: number, activation: (x: Tensor) => Tensor = relu) {
    super();
    this.inner = inner;
    this.scale = scale;
    this.activation = activation;
  }
  forward(x: Tensor): Tensor {
    return this.activation(x.add(this.inner(x).mul(this.scale)));
  }
  override config(): { scale: number } {
    return { scale: this.scale };
  }
}
register("residual", ({ scale }, { inner, activation }) => new Residual(inner as Module, scale as number, activation));

const swish = (x: Tensor): Tensor => x.mul(x.sigmoid());
register("swish", () => swish);

describe("describe and build", () => {
  it("write a model as plain JSON", () => {
    expect(describeModel(sequential(dense(2, 3, { bias: false, weightInit: constant(0.5) }), leakyRelu(0.2)))).toEqual({
      type: "sequential",
      config: { length: 2 },
      layers: {
        "0": {
          type: "dense",
          config: {
            in: 2,
            out: 3,
            bias: false,
            weightInit: { name: "constant", value: 0.5 },
            biasInit: { name: "zeros" },
            dtype: "float32",
          },
        },
        "1": { type: "leakyRelu", config: { slope: 0.2 } },
      },
    });
  });

  it("make the same model again: every layer, every activation, every initializer", () => {
    const initializers = [
      glorotUniform,
      glorotNormal,
      heUniform,
      heNormal,
      zeros,
      ones,
      constant(0.1),
      uniform({ high: 1 }),
      normal({ mean: 1 }),
      lecunUniform,
      lecunNormal,
      orthogonal({ gain: 2 }),
    ];
    const model = sequential(
      flatten(),
      ...initializers.map((weightInit) => dense(4, 4, { weightInit, biasInit: normal() })),
      dense(4, 4, { bias: false }),
      ...[relu, sigmoid, tanh, softplus, gelu, leakyRelu(0.1), elu(0.5), swish, softmax],
      dropout(0.25),
      new Residual(sequential(dense(4, 4)), 0.5, tanh),
    );
    const again = throughFile(model) as Module;
    expect(describeModel(again)).toEqual(describeModel(model));
    expect(Object.keys(params(again))).toEqual(Object.keys(params(model)));
    const x = tensor([[1, -2, 0.5, 3]]);
    // The same seed and the same initializers give the same weights.
    expect(initialize(again, { seed: 3 })(x).arraySync()).toEqual(initialize(model, { seed: 3 })(x).arraySync());
  });

  it("keep layers shared that were shared", () => {
    const shared = dense(2, 2);
    const again = throughFile(sequential(shared, relu, shared, new Residual(shared, 1)));
    expect(Object.keys(params(again))).toEqual(["0.weight", "0.bias"]);
  });

  it("take a function's registered name only for that very function", () => {
    const impostor = { swish: (x: Tensor): Tensor => x.mul(2) }.swish;
    expect(describeModel(sequential(impostor)).layers?.["0"]).toEqual({ type: "function", config: { name: "swish" } });
  });
});

describe("what cannot be built", () => {
  it("is a class that is not registered", () => {
    class Doubler extends Module {
      forward(x: Tensor): Tensor {
        return x.mul(2);
      }
    }
    expect(() => throughFile(sequential(relu, new Doubler()))).toThrow(
      /^build: layer "1" is of the type "Doubler", which is not registered; there are sequential, dense, .*\. For a layer of your own call register\("Doubler", \(config, layers\) => …\) before\.$/,
    );
    // A subclass is not its parent.
    class Special extends Residual {}
    expect(() => throughFile(new Special(dense(1, 1), 1))).toThrow(
      'build: the model is of the type "Special", which is not registered',
    );
  });

  it("is a function without a registered name", () => {
    expect(() => throughFile(sequential(relu, (x) => x.mul(2)))).toThrow(
      "build: layer 1 of a sequential model is a function of the program that described it, without a registered name. " +
        'There, make it a named function and register it: register("name", () => f). Or make the model in code and load its weights only.',
    );
  });

  it("is what no description is", () => {
    expect(() => build(null as never)).toThrow(
      "build: the model is not described by { type, config, layers? } but by null.",
    );
    const broken = { type: "sequential", config: { length: 1 }, layers: { "0": "relu" } } as never;
    expect(() => build(broken)).toThrow(
      'build: layer "0" is not described by { type, config, layers? } but by "relu".',
    );
    expect(() => build({ type: "relu", config: {} })).toThrow("build: the model is a function and not a module.");
    expect(() => build({ type: "shared", config: { path: "3" } })).toThrow(
      'build: the model shares a layer "3" that is not there.',
    );
    const layer = describeModel(dense(1, 1));
    expect(() => build({ ...layer, config: { ...layer.config, weightInit: { name: "lecun" } } })).toThrow(
      /Unknown initializer "lecun"; there are glorotUniform, /,
    );
  });

  it("is an initializer of the user's, once its values are needed", () => {
    const mine = (...args: Parameters<typeof ones>): Tensor => ones(...args).mul(3);
    const again = throughFile(dense(1, 1, { weightInit: mine })) as Module;
    expect(() => again(tensor([1]))).toThrow(
      'This parameter\'s initializer was the function "mine" of the program that saved the model, and is not in the file. ' +
        "Load the weights, or set the parameter's field initializer.",
    );
    // Loaded weights need no initializer.
    const { weight, bias } = params(again);
    weight?.replace(tensor([[3]]));
    bias?.replace(tensor([0]));
    expect(again(tensor([2])).arraySync()).toEqual([6]);
  });

  it("is a setting that JSON cannot hold, an error when it is described", () => {
    class Odd extends Module {
      forward(x: Tensor): Tensor {
        return x;
      }
      override config(): never {
        return { limits: [1, Number.NaN] } as never;
      }
    }
    expect(() => describeModel(new Odd())).toThrow(
      "describe: Odd.config().limits.1 is NaN, which JSON cannot hold. Use numbers, strings, booleans, arrays and plain objects.",
    );
  });
});

describe("register", () => {
  it("refuses a name that is taken or none, and a builder that is none", () => {
    expect(() => register("dense", () => relu)).toThrow(
      'register: the name "dense" is taken. Choose another for your layer.',
    );
    expect(() => register("shared", () => relu)).toThrow('register: the name "shared" is taken.');
    expect(() => register("", () => relu)).toThrow('register: the name must be a text that is not empty; it is "".');
    expect(() => register("mine", 3 as never)).toThrow('register: the builder of "mine" must be a function; it is 3.');
  });
});
