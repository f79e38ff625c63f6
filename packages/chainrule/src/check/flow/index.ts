/**
 * The flow graph to look at: `flow-graph.ts` is the object that is stepped forwards and backwards, `draw.ts` prints it as
 * text, DOT and JSON; `backprop.ts` gathers its numbers layer by layer, as `layers.ts` finds the layers in it.
 */
export { type BackpropOptions, BackpropResult, backprop, type LayerJacobians, type LayerPass } from "./backprop.ts";
export { FlowEdge, FlowGraph, FlowNode, flowGraph } from "./flow-graph.ts";
