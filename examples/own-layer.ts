// A layer of one's own: a residual block. Its parameters are found, trained and saved like those of any other.
import { type Tensor, tensor } from "chainrule";
import { dense, Module, params, relu, sequential } from "chainrule/nn";

class Residual extends Module {
  inner: ReturnType<typeof sequential>;

  constructor(width: number) {
    super();
    this.inner = sequential(dense(width, width), relu, dense(width, width));
  }

  forward(x: Tensor): Tensor {
    return x.add(this.inner(x));
  }
}

const model = sequential(dense(2, 4), new Residual(4), dense(4, 1));
console.log(model(tensor([[1, 2]])).shape);
console.log(Object.keys(params(model)).join(" "));
// prints: 0.weight 0.bias 1.inner.0.weight 1.inner.0.bias 1.inner.2.weight 1.inner.2.bias 2.weight 2.bias
