/** The numbers of each parameter: `panel.tsx` asks for them, `pictures.tsx` shows them as heat map or as images, `shares.tsx` how they are spread. */
export { WeightsPanel } from "./panel.tsx";
