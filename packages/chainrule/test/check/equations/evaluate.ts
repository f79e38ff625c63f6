/** Works out what `explain` prints, so that a test may compare the two sides of an equation. */
import { concatenate, type NestedArray, type Tensor, tensor, where } from "../../../src/index.ts";

const FUNCTIONS: Record<string, (t: Tensor) => Tensor> = {
  "meanₙ(": (t) => t.mean(0),
  "meanⱼ(": (t) => t.mean(-1, { keepDims: true }),
  "√(": (t) => t.sqrt(),
  "min(0,": (t) => t.minimum(0),
  "max(0,": (t) => t.maximum(0),
  "tanh(": (t) => t.tanh(),
  "relu(": (t) => t.relu(),
  "σ(": (t) => t.sigmoid(),
  "exp(": (t) => t.exp(),
  "softmax(": (t) => t.softmax(),
  "reshape(": (t) => t.reshape([t.shape[0] as number, -1]),
  "step(": (t) => t.sign().relu(),
  "(": (t) => t,
};

const VECTOR = String.raw`\[[\d−][\d.,\s−e]*\]`;
const nested = (inner: string): string => String.raw`\[${inner}(?:, ${inner})*\]`;
const NUMBER = String.raw`\d[\d.]*(?:e−?\d+)?`;
const CALL = String.raw`(?:mean[ₙⱼ]|√|tanh|relu|σ|exp|softmax|reshape|step|concat)\(|(?:min|max)\(0,`;

/** Arrays of up to three axes, numbers, functions, and what else there is. */
const TOKENS = new RegExp(
  [nested(nested(VECTOR)), nested(VECTOR), VECTOR, NUMBER, CALL, String.raw`Σₙⱼ|Σₙ|Σⱼ|> 0\]|≤ 0\]|\S`].join("|"),
  "g",
);

/** The value of what stands on one side of an equation, such as "[[1, 2]] · [[3], [4]] + [5]". */
export function evaluate(text: string): Tensor {
  const tokens = text.match(TOKENS) ?? [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new Error(`${wanted ?? "something"} expected at ${at}, found ${token}, in ${text}`);
    }
    return token;
  };
  const sum = (): Tensor => {
    const negative = peek() === "−";
    if (negative) take();
    let value = negative ? part().neg() : part();
    while (peek() === "+" || peek() === "−") value = take() === "+" ? value.add(part()) : value.sub(part());
    return value;
  };
  const part = (): Tensor => {
    if (peek() === "Σₙ") {
      take();
      return product().sum(0);
    }
    if (peek() === "Σₙⱼ") {
      take();
      return product().sum().reshape([1]);
    }
    if (peek() === "Σⱼ") {
      take();
      return product().sum(-1, { keepDims: true });
    }
    return product();
  };
  const product = (): Tensor => {
    let value = factor();
    for (;;) {
      const operation = peek();
      if (operation === "·") {
        take();
        const right = factor();
        value = value.rank === 0 || right.rank === 0 ? value.mul(right) : value.matmul(right);
      } else if (operation === "⊙") {
        take();
        value = value.mul(peek() === "Σⱼ" ? part() : factor());
      } else if (operation === "/") {
        take();
        value = value.div(factor());
      } else return value;
    }
  };
  const factor = (): Tensor => {
    const token = take();
    if (token === "[") {
      const inside = sum();
      const sign = take() === "> 0]" ? inside.greater(0) : inside.lessEqual(0);
      return where(sign, 1, 0).cast("float64");
    }
    if (token === "concat(") {
      const parts = [sum()];
      while (peek() === ",") {
        take();
        parts.push(sum());
      }
      take(")");
      return concatenate(parts, -1);
    }
    const apply = FUNCTIONS[token];
    if (apply !== undefined) {
      const inside = sum();
      take(")");
      const value = apply(inside);
      if (peek() !== "²") return value;
      take();
      return value.square();
    }
    const plain = token.replaceAll("−", "-");
    return tensor(JSON.parse(plain) as NestedArray, { dtype: "float64" });
  };
  const value = sum();
  if (peek() !== undefined) throw new Error(`${tokens.slice(at).join(" ")} is left over of ${text}`);
  return value;
}

export interface Checked {
  /** "∂L/∂W⁽¹⁾" */
  readonly left: string;
  readonly difference: number;
}

/** The left sides of the equations in a text of `explain` with numbers, and how far the two lines of numbers are apart. */
export function checkEquations(text: string): Checked[] {
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    const [next = "", after = ""] = lines.slice(i + 1, i + 3);
    if (!/^ {4}= /.test(next) || /^ {4}= /.test(line) || !/^ {4}= /.test(after)) return [];
    // A Jacobian is not shown, nor the whole of a long tensor; and what dropout and noise draw cannot be worked out.
    if (/∂|…|[A-Z]\w*\(|(?:dropout|gaussianNoise|interactions|f)\(/.test(next)) return [];
    const left = lines.slice(0, i).findLast((other) => / = /.test(other) && !/^ {4}= /.test(other)) as string;
    const [found, expected] = [evaluate(next.slice(6)), evaluate(after.slice(6))];
    const scale = 1 + expected.abs().max().itemSync();
    const difference = found.sub(expected).abs().max().itemSync() / scale;
    return [{ left: (left.split("=")[0] as string).trim(), difference }];
  });
}
