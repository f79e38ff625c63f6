/** A layer whose gradient is wrong on purpose: tanh, whose derivative 1 − y² is given as 1 + y². Loading this makes it known to model files. */
import { customVjp, type Tensor } from "chainrule";
import { Module, register } from "chainrule/nn";

const wrong = customVjp(
  (x: Tensor) => x.tanh(),
  ([_x], y: Tensor, cotangent: Tensor) => [cotangent.mul(y.square().add(1))],
);

export class PlantedLayer extends Module {
  static readonly type = "planted";

  forward(x: Tensor): Tensor {
    return wrong(x);
  }
}

register(PlantedLayer.type, () => new PlantedLayer());
