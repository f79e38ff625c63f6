/**
 * The layers: `panel.tsx` shows their distributions and what is wrong with them, `histogram.tsx` draws one distribution, `words.ts`
 * explains.
 */
export { LayersPanel } from "./panel.tsx";
