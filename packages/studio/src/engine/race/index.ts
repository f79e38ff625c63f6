/** Several trainings side by side: `race.ts` lets them go alike, and `landscape.ts` draws their paths on one loss surface. */
export { PATIENCE, Race } from "./race.ts";
