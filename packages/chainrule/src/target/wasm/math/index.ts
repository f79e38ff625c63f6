/** The float32 functions that WebAssembly has no instruction for, on four lanes at a time. One file per family. */
import type { ScalarOp } from "../../../loop/ir.ts";
import type { WasmFunction } from "../assembler.ts";
import type { Library } from "../library.ts";
import { erf } from "./erf.ts";
import { exp, expm1 } from "./exp.ts";
import { log, log1p } from "./log.ts";
import { sigmoid, softplus, tanh } from "./sigmoid.ts";
import { cos, sin } from "./trigonometry.ts";

/**
 * Makers of the functions, each v128 → v128. A lane's result depends on that lane only, so a scalar computed with three
 * idle lanes has the same bits. Errors are measured in the tests.
 */
export const LANE_FUNCTIONS = {
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  erf,
} satisfies Partial<Record<ScalarOp, (library: Library) => WasmFunction>>;

export type LaneFunctionOp = keyof typeof LANE_FUNCTIONS;

export const isLaneFunction = (op: ScalarOp): op is LaneFunctionOp => op in LANE_FUNCTIONS;
