/**
 * The primitives, one file each: everything about an operation, from its shape rule to the samples of its tests.
 * `define.ts`, `reduction.ts`, `control.ts` and `loops.ts` hold what a kind of operation has in common; `composed/` the
 * operations made of others. Importing this file gives tensors their methods.
 */
import "./abs.ts";
import "./add.ts";
import "./and.ts";
import "./argmax.ts";
import "./argsort.ts";
import "./cast.ts";
import "./cos.ts";
import "./cumsum.ts";
import "./div.ts";
import "./equal.ts";
import "./erf.ts";
import "./exp.ts";
import "./expm1.ts";
import "./flip.ts";
import "./floor.ts";
import "./less.ts";
import "./less-equal.ts";
import "./log.ts";
import "./log1p.ts";
import "./matmul.ts";
import "./max.ts";
import "./maximum.ts";
import "./min.ts";
import "./minimum.ts";
import "./mul.ts";
import "./mulz.ts";
import "./neg.ts";
import "./not.ts";
import "./not-equal.ts";
import "./or.ts";
import "./pow.ts";
import "./product.ts";
import "./reshape.ts";
import "./broadcast.ts";
import "./scatter-add.ts";
import "./gather.ts";
import "./shift-right.ts";
import "./sigmoid.ts";
import "./sign.ts";
import "./sin.ts";
import "./slice.ts";
import "./softplus.ts";
import "./sqrt.ts";
import "./stop-gradient.ts";
import "./sub.ts";
import "./sum.ts";
import "./tanh.ts";
import "./transpose.ts";
import "./composed/index.ts";

export { random } from "./composed/index.ts";
export { concatenate, stack } from "./concatenate.ts";
export { cond } from "./cond.ts";
export { constant, full, ones, onesLike, zeros, zerosLike } from "./constant.ts";
export { customVjp } from "./custom-vjp.ts";
export { arange, eye, iota } from "./iota.ts";
export type { Operand } from "./operands.ts";
export { pad } from "./pad.ts";
export type { Axis, ReduceOptions } from "./reduction.ts";
export { allPrimitives, primitive } from "./registry.ts";
export { type ScanOptions, scan } from "./scan.ts";
export { where } from "./select.ts";
export { splitAxis } from "./slice.ts";
export { whileLoop } from "./while-loop.ts";
