/**
 * The loss around the weights: `picture.tsx` draws a map with paths on it, `plane-choice.tsx` chooses what the map shows, and
 * `landscape-panel.tsx` is the panel for one training.
 */
export { LandscapePanel } from "./landscape-panel.tsx";
export { LandscapePicture } from "./picture.tsx";
export { axesOf, PlaneChoice, planeWishOf, useFresh } from "./plane-choice.tsx";
