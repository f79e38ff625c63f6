/** A small network and its training step, by hand from boxes. */
import { Box, random, type Tensor, tensor, valueAndGrad } from "../../src/index.ts";
import { adam } from "../../src/optim/index.ts";

export interface Network {
  /** Parameters, their moments and the counter of steps. */
  readonly boxes: readonly Box[];
  /** One step of Adam on the cross-entropy of a 2-layer perceptron; gives the loss before it. */
  step(x: Tensor, labels: Tensor): Tensor;
}

export function network(inputs: number, hidden: number, classes: number): Network {
  const keys = random.split(random.key(1), 2);
  const draw = (i: number, shape: number[]): Box =>
    new Box(random.normal(keys.gather(tensor(i, { dtype: "int32" })), shape, { deviation: 0.3 }));
  const zeros = (n: number): Box => new Box(tensor(new Float32Array(n)));
  const parameters = [draw(0, [inputs, hidden]), zeros(hidden), draw(1, [hidden, classes]), zeros(classes)];
  const optimizer = adam({ learningRate: 0.01 });
  const states = parameters.map((p) =>
    Object.fromEntries(Object.entries(optimizer.init(p.value)).map(([name, t]) => [name, new Box(t)])),
  );
  const count = new Box(tensor(0, { dtype: "int32" }));
  const loss = ([w1, b1, w2, b2]: Tensor[], x: Tensor, labels: Tensor): Tensor => {
    const logits = x
      .matmul(w1 as Tensor)
      .add(b1 as Tensor)
      .relu()
      .matmul(w2 as Tensor)
      .add(b2 as Tensor);
    return logits.logSoftmax().mul(labels.oneHot(classes)).sum(-1).mean().neg();
  };
  const step = (x: Tensor, labels: Tensor): Tensor => {
    const { value, gradient } = valueAndGrad(loss)(
      parameters.map((p) => p.value),
      x,
      labels,
    );
    parameters.forEach((p, i) => {
      const boxes = states[i] as Record<string, Box>;
      const state = Object.fromEntries(Object.entries(boxes).map(([name, b]) => [name, b.value]));
      const updated = optimizer.update({
        gradient: gradient[i] as Tensor,
        state,
        parameter: p.value,
        step: count.value,
      });
      p.value = updated.parameter;
      for (const [name, b] of Object.entries(boxes)) b.value = updated.state[name] as Tensor;
    });
    count.value = count.value.add(1);
    return value;
  };
  return { boxes: [...parameters, ...states.flatMap((s) => Object.values(s)), count], step };
}

/** Points and labels that can be learnt. */
export function batch(size: number, inputs: number, classes: number): [Tensor, Tensor] {
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  const noise = random.normal(random.key(2), [size, inputs]);
  return [noise.add(tensor(labels).cast("float32").expandDims(1)), tensor(labels)];
}
