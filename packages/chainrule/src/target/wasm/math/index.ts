/** The float32 functions that WebAssembly has no instruction for, on four lanes at a time. One file per family. */
import type { ScalarOp } from "../../../loop/ir.ts";
import { erf } from "./erf.ts";
import { exp, expm1 } from "./exp.ts";
import type { Formula } from "./lane-math.ts";
import { log, log1p } from "./log.ts";
import { sigmoid, softplus, tanh } from "./sigmoid.ts";
import { cos, sin } from "./trigonometry.ts";

/**
 * The functions as formulas. A lane's result depends on that lane only, so a scalar computed with three idle lanes has
 * the same bits. All are within 2 units of the last place (ulp): the greatest error over all float32 stands beside
 * each and in the tests, where it is measured.
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
} satisfies Partial<Record<ScalarOp, Formula>>;

export type LaneFunctionOp = keyof typeof LANE_FUNCTIONS;

export const isLaneFunction = (op: ScalarOp): op is LaneFunctionOp => op in LANE_FUNCTIONS;

/** Whether a formula has no branches, so that an engine can join it with its neighbour's. */
export const isBranchFree = (op: LaneFunctionOp): boolean => op !== "sin" && op !== "cos";
