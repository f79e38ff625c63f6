/** One row forward and backward: `panel.tsx` asks for it and shows its flow graph, `target.tsx` says what would be right, `numbers.tsx` shows every number. */
export { PassPanel } from "./panel.tsx";
