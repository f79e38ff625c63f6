/** Trees: tensors in nested objects and arrays, as the arguments and results of transformed functions. */
import { asTensor } from "./create.ts";
import { Tensor } from "./tensor.ts";

/** The same tree with a tensor at each leaf: the type of the gradient of a function of T. */
export type TensorTree<T> = T extends Tensor
  ? Tensor
  : T extends number | ArrayBufferView
    ? Tensor
    : T extends (...args: never[]) => unknown
      ? T
      : T extends readonly unknown[]
        ? { -readonly [K in keyof T]: TensorTree<T[K]> }
        : T extends object
          ? { -readonly [K in keyof T]: TensorTree<T[K]> }
          : T;

/** A tree without its leaves. `static` holds what is no tensor: strings, booleans, null, undefined, functions. */
export type Structure =
  | { readonly kind: "leaf" }
  | { readonly kind: "static"; readonly value: unknown }
  | { readonly kind: "array"; readonly items: readonly Structure[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly items: readonly Structure[] };

export interface FlatTree {
  readonly leaves: readonly Tensor[];
  /** A path such as `.w` or `[0].b` for each leaf. */
  readonly paths: readonly string[];
  readonly structure: Structure;
}

/**
 * Splits a tree into its leaves, in order, and its structure. Numbers and typed arrays become tensors.
 *
 * @throws TypeError for an object of a class that holds tensors
 * @param like objects with the same keys as there are taken in the order there
 */
export function flatten(tree: unknown, like?: Structure): FlatTree {
  const leaves: Tensor[] = [];
  const paths: string[] = [];
  const walk = (node: unknown, path: string, same?: Structure): Structure => {
    if (isLeaf(node)) {
      leaves.push(asTensor(node));
      paths.push(path);
      return { kind: "leaf" };
    }
    if (Array.isArray(node)) {
      const items = same?.kind === "array" ? same.items : [];
      return { kind: "array", items: node.map((item, i) => walk(item, `${path}[${i}]`, items[i])) };
    }
    if (isPlainObject(node)) {
      const own = Object.keys(node);
      const model = same?.kind === "object" && sameKeys(same.keys, own) ? same : undefined;
      const keys = model?.keys ?? own;
      return { kind: "object", keys, items: keys.map((key, i) => walk(node[key], `${path}.${key}`, model?.items[i])) };
    }
    refuseHidden(node, path);
    return { kind: "static", value: node };
  };
  const structure = walk(tree, "", like);
  return { leaves, paths, structure };
}

/**
 * Appends the leaves of a tree that has this structure, as `flatten` would give them; false if it has another, and what
 * was appended means nothing. Makes nothing but the leaves, for calls that must cost little.
 */
export function leavesLike(tree: unknown, structure: Structure, leaves: Tensor[]): boolean {
  switch (structure.kind) {
    case "leaf":
      if (!isLeaf(tree)) return false;
      leaves.push(asTensor(tree));
      return true;
    case "static":
      return Object.is(tree, structure.value);
    case "array": {
      const { items } = structure;
      if (!Array.isArray(tree) || tree.length !== items.length) return false;
      for (let i = 0; i < items.length; i++) {
        if (!leavesLike(tree[i], items[i] as Structure, leaves)) return false;
      }
      return true;
    }
    case "object": {
      const { keys, items } = structure;
      if (!isPlainObject(tree)) return false;
      const own = Object.keys(tree);
      if (own.length !== keys.length) return false;
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as string;
        if (own[i] !== key || !leavesLike(tree[key], items[i] as Structure, leaves)) return false;
      }
      return true;
    }
  }
}

const isLeaf = (node: unknown): node is Tensor | number | ArrayBufferView =>
  node instanceof Tensor || typeof node === "number" || ArrayBuffer.isView(node);

/** Tensors in an object of a class would be taken as constants. @throws TypeError */
function refuseHidden(node: unknown, path: string): void {
  if (typeof node !== "object" || node === null) return;
  const held = Object.entries(node).find(([, value]) => value instanceof Tensor)?.[0];
  if (held === undefined) return;
  const name = (node.constructor as { name?: string } | undefined)?.name ?? "object";
  throw new TypeError(
    `A ${name}${path === "" ? "" : ` at ${path}`} holds a tensor ("${held}"), but only plain objects and arrays may: ` +
      `pass its tensors as { ${held}: …${held} }.`,
  );
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key) => b.includes(key));

/** Puts leaves back into a structure. */
export function unflatten(structure: Structure, leaves: readonly Tensor[]): unknown {
  let next = 0;
  const build = (s: Structure): unknown => {
    switch (s.kind) {
      case "leaf":
        return leaves[next++];
      case "static":
        return s.value;
      case "array":
        return s.items.map(build);
      case "object":
        return objectOf(s.keys, s.items.map(build));
    }
  };
  return build(structure);
}

/** `Object.fromEntries` of what has these keys, several times as fast: results of small programs are made by it. */
function objectOf(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    // An assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(object, key, { value: values[i], enumerable: true });
    else object[key] = values[i];
  }
  return object;
}

/** Whether two structures are the same; static parts are compared by identity. */
export function sameStructure(a: Structure, b: Structure): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "static") return Object.is(a.value, (b as typeof a).value);
  if (a.kind === "leaf") return true;
  const items = (b as typeof a).items;
  if (a.items.length !== items.length) return false;
  if (a.kind === "object" && a.keys.some((key, i) => key !== (b as typeof a).keys[i])) return false;
  return a.items.every((item, i) => sameStructure(item, items[i] as Structure));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
