import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { withBoxes } from "../../src/graph/index.ts";
import {
  type AnyModule,
  dense,
  describe as describeModel,
  dropout,
  flatten,
  functional,
  Module,
  Param,
  params,
  relu,
  Sequential,
  sequential,
  zeros,
} from "../../src/nn/index.ts";
import { ones } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const x = tensor([[1, 2]]);

/** Calls a layer that it does not hold. */
class Caller extends Module {
  readonly output = dense(2, 1);
  #inner: () => (value: Tensor) => Tensor;

  constructor(inner: () => (value: Tensor) => Tensor) {
    super();
    this.#inner = inner;
  }

  forward(value: Tensor): Tensor {
    return this.output(this.#inner()(value));
  }
}

describe("a layer that its caller does not hold", () => {
  const message = "dense is called inside Caller, which does not hold it in a public field";

  it("is refused, for it would be neither trained nor saved", () => {
    const hidden = dense(2, 2);
    const model = new Caller(() => hidden);
    expect(() => model(x)).toThrow(
      `${message} (nor in an array or a plain object there): it would be neither trained nor saved. Keep it in one; a #private ` +
        "field, a Map, a Set or a variable outside does not count. To use it as it is, without training, call it through functional(…).",
    );
    expect(() => model(x)).toThrow(/in layer: Caller\n {2}at: .*holding\.test\.ts:\d+/);
    expect(() => compile((v: Tensor) => model(v))(x)).toThrow(message);
    expect(() => grad((v: Tensor) => model(v).sum())(x)).toThrow(message);
    expect(() => sequential(model)(x)).toThrow(message);
    // A layer of its own states only, made anew in each call.
    expect(() => new Caller(() => dropout(0.5))(x)).toThrow("dropout is called inside Caller");
  });

  it("may have no variables, or only such as the caller holds itself", () => {
    expect(new Caller(() => flatten())(x).shape).toEqual([1, 1]);
    expect(new Caller(() => sequential(relu))(x).shape).toEqual([1, 1]);
    class Times extends Module {
      weight: Param;
      constructor(weight: Param) {
        super();
        this.weight = weight;
      }
      forward(value: Tensor): Tensor {
        return value.mul(this.weight.value);
      }
    }
    class Twice extends Module {
      factor = new Param([2], zeros);
      forward(value: Tensor): Tensor {
        return new Times(this.factor)(value);
      }
    }
    expect(new Twice()(x).arraySync()).toEqual([[0, 0]]);
  });

  it("may be held by a module further out, which gives it its values", () => {
    class Apply extends Module<[AnyModule, Tensor]> {
      forward(layer: AnyModule, value: Tensor): Tensor {
        return (layer as unknown as (v: Tensor) => Tensor)(value);
      }
    }
    class Outer extends Module {
      apply_ = new Apply();
      layer = dense(2, 2);
      forward(value: Tensor): Tensor {
        return this.apply_(this.layer, value);
      }
    }
    const [a, b] = [new Outer(), new Outer()];
    a(x);
    expect(params(a)["layer.weight"]?.value.arraySync()).toEqual(params(b)["layer.weight"]?.value.arraySync());
  });

  it("may be called with values from outside, by functional or withBoxes", () => {
    const hidden = sequential(dense(2, 2, { bias: false }), dropout(0.5));
    const weight = tensor([
      [1, 0],
      [0, 1],
    ]);
    const { apply } = functional(hidden);
    const model = new Caller(() => (v) => apply({ "0.weight": weight }, v));
    expect(model(x).shape).toEqual([1, 1]);
    const boxes = Object.values(params(hidden));
    const other = new Caller(() => (v) => withBoxes(boxes, [weight], () => hidden(v)));
    other.output.weight.value = model.output.weight.value;
    expect(compile((v: Tensor) => other(v))(x).arraySync()).toEqual(model(x).arraySync());
  });
});

describe("a subclass of Sequential", () => {
  class WithHead extends Sequential {
    head = dense(2, 1);
    constructor() {
      super([dense(2, 2), relu]);
    }
    override forward(value: Tensor): Tensor {
      return this.head(super.forward(value));
    }
  }

  it("holds its own fields after its layers", () => {
    const model = new WithHead();
    expect(Object.keys(params(model))).toEqual(["0.weight", "0.bias", "head.weight", "head.bias"]);
    expect(model(x).shape).toEqual([1, 1]);
  });
});

describe("names", () => {
  it("that collide are refused", () => {
    class Collide extends Module {
      parts = { "a.b": dense(2, 1), a: { b: dense(2, 1) } };
      forward(value: Tensor): Tensor {
        return this.parts["a.b"](value).add(this.parts.a.b(value));
      }
    }
    const message =
      'Two variables of Collide are called "parts.a.b.weight", so that one of them would be neither trained nor saved. ' +
      'Rename a field or a key; a key must not look like a path, "a.b".';
    expect(() => params(new Collide())).toThrow(message);
    expect(() => new Collide()(x)).toThrow(message);
    class Numbered extends Sequential {
      "0" = dense(2, 2);
    }
    expect(() => params(new Numbered([dense(2, 2)]))).toThrow('Two variables of Numbered are called "0.weight"');
  });

  it("that collide are refused where a model is described, for functions too", () => {
    class Collide extends Module {
      "a.b" = relu;
      a = { b: Math.abs as never as typeof relu };
      forward(value: Tensor): Tensor {
        return value;
      }
    }
    expect(() => describeModel(new Collide())).toThrow(
      'describe: two parts of Collide are called "a.b". Rename a field or a key.',
    );
  });
});

it("a layer itself is asked of sequential, not its class", () => {
  class Own extends Module {
    forward(value: Tensor): Tensor {
      return value.add(ones([2]));
    }
  }
  expect(() => sequential(Own as never)).toThrow(
    "sequential: layer 0 is the class Own. Make a layer of it: new Own(…).",
  );
});
