/** The random graphs of graphs.jsonl, as functions of their inputs. */
import { concatenate, pad, stack, where } from "../../src/ops/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { type Projection, readCases, values } from "./values.ts";

/** Name, operands by position, settings. */
type Op = readonly [string, ...unknown[]];

export interface GraphCase {
  readonly inputs: readonly (readonly number[])[];
  readonly ops: readonly Op[];
  /** The values that the loss is made of, by position. */
  readonly ends: readonly number[];
  readonly seed: number;
  readonly loss: number;
  readonly gradient: readonly Projection[];
  readonly hvp?: readonly Projection[];
  readonly jvp?: readonly Projection[];
}

export const graphCases = readCases<GraphCase>("graphs.jsonl");

const UNARY: Record<string, (x: Tensor) => Tensor> = {
  neg: (x) => x.neg(),
  exp: (x) => x.exp(),
  expm1: (x) => x.expm1(),
  log: (x) => x.abs().add(0.5).log(),
  log1p: (x) => x.abs().log1p(),
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  softplus: (x) => x.softplus(),
  erf: (x) => x.erf(),
  sqrt: (x) => x.mul(x).add(0.1).sqrt(),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  square: (x) => x.square(),
  abs: (x) => x.abs(),
  relu: (x) => x.relu(),
  reciprocal: (x) => x.mul(x).add(1).reciprocal(),
  clip: (x) => x.clip(-0.7301, 0.8117),
  scale: (x) => x.mul(-1.7).add(0.3),
  softmax: (x) => x.softmax(),
  logSoftmax: (x) => x.logSoftmax(),
};

const BINARY: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b.mul(b).add(1)),
  maximum: (a, b) => a.maximum(b),
  minimum: (a, b) => a.minimum(b),
  pow: (a, b) => a.abs().add(0.5).pow(b),
  where: (a, b) => where(a.greater(0.1234), a.mul(b), b),
  matmul: (a, b) => a.matmul(b),
  stack: (a, b) => stack([a, b]),
};

type Reduction = "sum" | "mean" | "max" | "min" | "product" | "variance" | "logSumExp";
const REDUCE = new Set<string>(["sum", "mean", "max", "min", "product", "variance", "logSumExp"]);

function apply([name, ...rest]: Op, get: (position: unknown) => Tensor): Tensor {
  const x = get(rest[0]);
  const [, a, b, c, d] = rest as [unknown, number, number, number, number];
  const list = rest[1] as number[];
  if (UNARY[name] !== undefined) return UNARY[name](x);
  if (BINARY[name] !== undefined) return BINARY[name](x, get(a));
  if (REDUCE.has(name)) return x[name as Reduction](a, { keepDims: rest[2] as boolean });
  switch (name) {
    case "concatenate":
      return concatenate([x, get(a)], b);
    case "reshape":
      return x.reshape(list);
    case "transpose":
      return x.transpose(list);
    case "broadcastTo":
      return x.broadcastTo(list);
    case "slice":
      return x.slice(a, b, c, d);
    case "pad":
      return pad(x, list, rest[2] as number[]);
    case "flip":
      return x.flip(a);
    case "gather":
      return x.gather(tensor(list, { dtype: "int32" }), b);
    case "scatterAdd": {
      const positions = rest[2] as number[];
      const updates = get(a).broadcastTo([positions.length, ...x.shape.slice(1)]);
      return x.scatterAdd(tensor(positions, { dtype: "int32" }), updates);
    }
    case "cumsum":
      return x.cumsum(a, { reverse: rest[2] as boolean });
    case "sort":
      return x.sort(a);
    default:
      throw new Error(`unknown operation ${name}`);
  }
}

export function graph({ inputs, ops, ends, seed }: GraphCase) {
  const evaluate = (given: readonly Tensor[]): Tensor[] => {
    const made = [...given];
    for (const op of ops) made.push(apply(op, (position) => made[position as number] as Tensor));
    return ends.map((i) => made[i] as Tensor);
  };
  const loss = (given: readonly Tensor[]): Tensor =>
    evaluate(given)
      .map((y, k) => y.mul(values(y.shape, seed + 70 + (ends[k] as number))).sum())
      .reduce((a, b) => a.add(b));
  return { evaluate, loss, inputs: inputs.map((shape, i) => values(shape, seed + i)) };
}
