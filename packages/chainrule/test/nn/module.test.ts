import { describe, expect, it } from "vitest";
import {
  dense,
  initialize,
  Module,
  normal,
  Param,
  params,
  relu,
  State,
  sequential,
  states,
  zeros,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

class Affine extends Module {
  scale = new Param([2], normal());
  shift = new Param([], zeros, { regularize: false });

  forward(x: Tensor): Tensor {
    return x.mul(this.scale.value).add(this.shift.value);
  }
}

class Tower extends Module<[Tensor, number]> {
  blocks = [new Affine(), new Affine()];
  heads = { left: new Affine(), right: dense(2, 1) };
  activation = relu;
  title = "no part of the parameters";

  forward(x: Tensor, times: number): Tensor {
    let y = x;
    for (let i = 0; i < times; i++) for (const block of this.blocks) y = this.activation(block(y));
    return this.heads.right(this.heads.left(y));
  }
}

describe("a module", () => {
  it("is called like a function and is an instance of its class", () => {
    const layer = new Affine();
    layer.scale.value = tensor([2, 3]);
    layer.shift.value = tensor(1);
    expect(layer(tensor([10, 20])).arraySync()).toEqual([21, 61]);
    expect(layer).toBeInstanceOf(Affine);
    expect(layer).toBeInstanceOf(Module);
    expect(typeof layer).toBe("function");
    expect(layer.call(undefined, tensor([0, 0])).arraySync()).toEqual([1, 1]);
  });

  it("may have fields called name and length, and private ones", () => {
    class Named extends Module {
      override readonly length: number;
      #calls = 0;
      constructor(name: string, length: number) {
        super();
        this.name = name;
        this.length = length;
      }
      forward(x: Tensor): Tensor {
        this.#calls++;
        return x.mul(this.#calls * this.length);
      }
    }
    const layer = new Named("double", 2);
    expect([layer.name, layer.length]).toEqual(["double", 2]);
    expect(layer(tensor([1])).arraySync()).toEqual([2]);
    expect(layer(tensor([1])).arraySync()).toEqual([4]);
    expect(new Affine().name).toBe("Affine");
  });

  it("names its parameters by the fields that hold them, through arrays and objects", () => {
    expect(Object.keys(params(new Tower()))).toEqual([
      "blocks.0.scale",
      "blocks.0.shift",
      "blocks.1.scale",
      "blocks.1.shift",
      "heads.left.scale",
      "heads.left.shift",
      "heads.right.weight",
      "heads.right.bias",
    ]);
  });

  it("lists a parameter that is held twice once, under its first name", () => {
    const shared = dense(2, 2);
    const model = sequential(shared, relu, shared);
    expect(Object.keys(params(model))).toEqual(["0.weight", "0.bias"]);
    class Tied extends Module {
      first = new Param([2], zeros);
      again = this.first;
      forward(x: Tensor): Tensor {
        return x.add(this.first.value).add(this.again.value);
      }
    }
    expect(Object.keys(params(new Tied()))).toEqual(["first"]);
  });

  it("names the path of the layer in an error, and the user's line", () => {
    class Wrong extends Module {
      encoder = sequential(dense(3, 2), relu, dense(4, 1));
      forward(x: Tensor): Tensor {
        return this.encoder(x);
      }
    }
    expect(() => new Wrong()(tensor([[1, 2, 3]]))).toThrow(
      /in layer: Wrong\.encoder \(sequential\)\.2 \(dense\)\n {2}at: .*module\.test\.ts:\d+:\d+$/,
    );
  });
});

describe("lazy initial values", () => {
  it("come at the first call of the root, for all that it holds, from seed 0", () => {
    const model = new Tower();
    expect(Object.values(params(model)).some((p) => p.initialized)).toBe(false);
    model(tensor([1, 2]), 1);
    const own = Object.fromEntries(Object.entries(params(model)).map(([name, p]) => [name, p.value.arraySync()]));
    const other = initialize(new Tower(), { seed: 0 });
    expect(Object.fromEntries(Object.entries(params(other)).map(([name, p]) => [name, p.value.arraySync()]))).toEqual(
      own,
    );
  });

  it("do not overwrite a value that was set", () => {
    const model = new Affine();
    model.scale.value = tensor([5, 7]);
    model(tensor([1, 1]));
    expect(model.scale.value.arraySync()).toEqual([5, 7]);
    expect(model.shift.value.arraySync()).toBe(0);
  });

  it("come too when a parameter is read from the list, as part of that model", () => {
    const model = sequential(dense(2, 2), relu);
    const weight = params(model)["0.weight"]?.value.arraySync();
    expect(weight).toEqual(params(initialize(sequential(dense(2, 2))))["0.weight"]?.value.arraySync());
  });

  it("are missing when a parameter is read outside of any module: an error that says what to do", () => {
    expect(() => new Affine().scale.value).toThrow(
      "A parameter of shape [2] was read before it had a value. Call initialize(model, { seed }) first, or read it in the " +
        "forward pass of a module that holds it in a public field.",
    );
    class Hidden extends Module {
      #weight = new Param([2], zeros);
      forward(x: Tensor): Tensor {
        return x.mul(this.#weight.value);
      }
    }
    expect(() => new Hidden()(tensor([1, 2]))).toThrow("holds it in a public field");
  });
});

describe("Param and State", () => {
  it("refuse values of another shape or dtype", () => {
    const param = new Param([2, 3], zeros);
    expect(() => {
      param.value = tensor([1, 2]);
    }).toThrow("A parameter of shape [2, 3] cannot take a value of shape [2].");
    expect(() => {
      param.value = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3], dtype: "float64" });
    }).toThrow('A parameter of dtype float32 cannot take a float64 value. Convert it with .cast("float32").');
    const state = new State([], zeros);
    expect(() => {
      state.value = tensor([1]);
    }).toThrow("A state of shape [] cannot take a value of shape [1].");
  });

  it("refuse impossible settings", () => {
    expect(() => new Param([2], zeros, { dtype: "int32" })).toThrow(
      "Param: a parameter must be float32 or float64, not int32.",
    );
    expect(() => new Param([2, -1], zeros)).toThrow(
      "parameter: each extent of the shape [2, -1] must be an integer ≥ 0; it is -1.",
    );
    expect(() => new Param([2], "zeros" as never)).toThrow(
      'parameter: the initializer must be a function such as glorotUniform; it is "zeros".',
    );
    expect(() => new Param([2], zeros, { trainable: false } as never)).toThrow(
      'Param: unknown option "trainable"; there are dtype, regularize.',
    );
    expect(() => new State([2], zeros, { regularize: true } as never)).toThrow(
      'State: unknown option "regularize"; there are dtype.',
    );
  });

  it("say so when an initializer that has settings was not called", () => {
    class Slip extends Module {
      weight = new Param([2], normal as never);
      forward(x: Tensor): Tensor {
        return x.add(this.weight.value);
      }
    }
    expect(() => new Slip()(tensor([1, 2]))).toThrow(
      "normal: has settings, so it is called to get an initializer. Write normal(), not normal,",
    );
    class Wrong extends Module {
      weight = new Param([2], (() => 3) as never);
      forward(x: Tensor): Tensor {
        return x.add(this.weight.value);
      }
    }
    expect(() => new Wrong()(tensor([1, 2]))).toThrow(
      "gave 3 and not a tensor. An initializer with settings is called first: normal(",
    );
  });

  it("are told apart: states are not parameters", () => {
    class Counter extends Module {
      count = new State([], zeros, { dtype: "int32" });
      weight = new Param([], zeros);
      forward(x: Tensor): Tensor {
        this.count.value = this.count.value.add(1);
        return x.add(this.weight.value);
      }
    }
    const model = new Counter();
    model(tensor([1]));
    model(tensor([1]));
    expect(Object.keys(params(model))).toEqual(["weight"]);
    expect(Object.keys(states(model))).toEqual(["count"]);
    expect(states(model).count?.value.itemSync()).toBe(2);
  });
});
