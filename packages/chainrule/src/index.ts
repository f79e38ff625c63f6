/** Chainrule: tensors, gradients of any function, and compilation of whole training steps. */
export {
  type Compiled,
  CompiledProgram,
  type CompileOptions,
  compile,
  enableWideSimd,
  setTarget,
  setThreads,
  type TargetName,
  type WideSimdOptions,
} from "./compile/index.ts";
export { Box, ChainruleError, DTypeError, printGraph, ShapeError, TraceError } from "./graph/index.ts";
export * from "./ops/index.ts";
export * from "./tensor/index.ts";
export {
  type GradOptions,
  grad,
  hessian,
  hvp,
  type JacobianOptions,
  type JacobianTree,
  jacobian,
  jvp,
  type VmapOptions,
  valueAndGrad,
  vjp,
  vmap,
} from "./transform/index.ts";
