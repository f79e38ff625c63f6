/** What joins the results of layers: sums, products and the like, read from the operations. */
import { avalOf, type Node } from "../../graph/node.ts";
import { sameShape } from "../../tensor/shape.ts";

/** A matrix that has a name, or its transpose. */
export interface Factor {
  readonly node: Node;
  readonly transposed: boolean;
}

/** A term of a sum. A bias is added to each row; the factors of a product ⊙ have the shape of the whole. */
export type Part =
  | { readonly kind: "value"; readonly node: Node }
  | { readonly kind: "bias"; readonly node: Node }
  | { readonly kind: "hadamard"; readonly factors: readonly [Node, Node] }
  | { readonly kind: "matmul"; readonly factors: readonly [Factor, Factor] };

/** How a value is made of others that have names. */
export type Junction =
  | { readonly kind: "sum"; readonly parts: readonly { readonly times: number; readonly part: Part }[] }
  | { readonly kind: "concatenate"; readonly parts: readonly Node[]; readonly axis: number }
  | { readonly kind: "other" };

export function junctionOf(node: Node, isNamed: (node: Node) => boolean): Junction {
  const different = new Set(node.inputs).size === node.inputs.length;
  if (node.op.name === "concatenate" && different && node.inputs.every(isNamed)) {
    return { kind: "concatenate", parts: node.inputs, axis: node.attrs.axis as number };
  }
  const parts: { times: number; part: Part }[] = [];
  return new Sum(node, isNamed, parts).add(node, 1, true) ? { kind: "sum", parts: gathered(parts) } : { kind: "other" };
}

/** a + a is 2·a. */
function gathered(parts: readonly { times: number; part: Part }[]): { times: number; part: Part }[] {
  const values = new Map<Node, number>();
  for (const { times, part } of parts) {
    if (part.kind === "value") values.set(part.node, (values.get(part.node) ?? 0) + times);
  }
  return [
    ...[...values].map(([node, times]) => ({ times, part: { kind: "value", node } as const })),
    ...parts.filter(({ part }) => part.kind !== "value"),
  ];
}

class Sum {
  readonly #whole: Node;
  readonly #isNamed: (node: Node) => boolean;
  readonly #parts: { times: number; part: Part }[];

  constructor(whole: Node, isNamed: (node: Node) => boolean, parts: { times: number; part: Part }[]) {
    [this.#whole, this.#isNamed, this.#parts] = [whole, isNamed, parts];
  }

  /** Takes a node apart; false if it is something else than a sum. */
  add(node: Node | undefined, times: number, isWhole = false): boolean {
    if (node === undefined || !this.#isLikeWhole(node)) return false;
    if (!isWhole && this.#isNamed(node)) return this.#push({ kind: "value", node }, times);
    const [p, q] = node.inputs;
    switch (node.op.name) {
      case "add":
        return this.add(p, times) && this.add(q, times);
      case "sub":
        return this.add(p, times) && this.add(q, -times);
      case "neg":
        return this.add(p, -times);
      case "div":
        return this.#scaled(p, times, 1 / (constantOf(q) ?? 0));
      case "mul":
        return this.#product(p as Node, q as Node, times);
      case "broadcast": {
        const bias = p !== undefined && this.#isNamed(p) && avalOf(p).shape.length === 1 && isOnLastAxis(p, node);
        return bias && this.#push({ kind: "bias", node: p }, times);
      }
      case "matmul": {
        const [left, right] = [this.#factor(p as Node), this.#factor(q as Node)];
        if (left === undefined || right === undefined || left.node === right.node) return false;
        return this.#push({ kind: "matmul", factors: [left, right] }, times);
      }
      default:
        return false;
    }
  }

  #push(part: Part, times: number): true {
    this.#parts.push({ times, part });
    return true;
  }

  #scaled(node: Node | undefined, times: number, by: number | undefined): boolean {
    return by !== undefined && Number.isFinite(by) && this.add(node, times * by);
  }

  #product(p: Node, q: Node, times: number): boolean {
    const [left, right] = [constantOf(p), constantOf(q)];
    if (left !== undefined) return this.#scaled(q, times, left);
    if (right !== undefined) return this.#scaled(p, times, right);
    const known = [p, q].every((node) => this.#isNamed(node) && this.#isLikeWhole(node));
    return known && p !== q && this.#push({ kind: "hadamard", factors: [p, q] }, times);
  }

  #factor(node: Node): Factor | undefined {
    if (avalOf(node).shape.length !== 2) return undefined;
    if (this.#isNamed(node)) return { node, transposed: false };
    const [inner] = node.inputs;
    return node.op.name === "transpose" && inner !== undefined && this.#isNamed(inner)
      ? { node: inner, transposed: true }
      : undefined;
  }

  #isLikeWhole(node: Node): boolean {
    return sameShape(avalOf(node).shape, avalOf(this.#whole).shape);
  }
}

const isOnLastAxis = (vector: Node, to: Node): boolean => avalOf(vector).shape[0] === avalOf(to).shape.at(-1);

/** The number that all elements of a value are, if the function says so. */
export function constantOf(node: Node | undefined): number | undefined {
  if (node?.op.name === "broadcast") return constantOf(node.inputs[0]);
  return node?.op.name === "constant" ? (node.attrs.value as number) : undefined;
}
