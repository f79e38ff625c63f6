/**
 * Networks whose inputs are a picture: `pad.tsx` is drawn on, `bitmap.ts` keeps the ink, `image.ts` makes of it what the network was trained
 * on, and `panel.tsx` shows that with what the network says.
 */
export { DigitPanel } from "./panel.tsx";
