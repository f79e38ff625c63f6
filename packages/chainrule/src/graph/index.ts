/**
 * The flow graph: nodes, primitives' contracts, tracing of functions into graphs, boxes for stored values, printing
 * and verification. Knows no particular operation.
 */
export { Box, withBoxes } from "./box.ts";
export { ChainruleError, DTypeError, ShapeError, TraceError } from "./errors.ts";
export type { Graph, Node } from "./node.ts";
export { printGraph } from "./print.ts";
export { withScope } from "./scope.ts";
export { traceFunction } from "./trace.ts";
export { verifyGraph } from "./verify.ts";
