/**
 * The loss around the weights of a training: `path.ts` keeps the way that they have come, `plane.ts` lays a plane through the
 * space of all weights, `directions.ts` says in which directions, `wish.ts` chooses the one that is wished for, and `losses.ts` computes the loss on it.
 */
export { principal } from "./directions.ts";
export { lossesOf } from "./losses.ts";
export { Path } from "./path.ts";
export { type Frame, framed, LEAST, type Plane, placesOf, shareInPlane } from "./plane.ts";
export { planeOf } from "./wish.ts";
