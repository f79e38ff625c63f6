/** All rows, in the order in which they are measured and printed. */
import { cold } from "./cold.ts";
import { compile } from "./compile.ts";
import { contests } from "./contests.ts";
import { growth, growthOfCompilation } from "./growth.ts";
import { memory } from "./memory.ts";
import type { Row } from "./row.ts";
import { size } from "./size.ts";

export const rows: readonly Row[] = [...contests, growth, growthOfCompilation, compile, cold, memory, size];
