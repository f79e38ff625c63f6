/**
 * Transforms of flow graphs: reverse mode (vjp), forward mode (jvp), vectorization (vmap), and what is made of them.
 * `vjp.ts`, `jvp.ts` and `vmap.ts` hold the transforms themselves; the other files bring them to functions of trees.
 */
export { type VmapOptions, vmap } from "./batch.ts";
export { hvp, jvp } from "./forward.ts";
export { type AuxOptions, type GradOptions, grad, valueAndGrad, vjp } from "./gradient.ts";
export { graphTransforms } from "./graph-transforms.ts";
export { hessian, type JacobianOptions, type JacobianTree, jacobian } from "./jacobian.ts";
