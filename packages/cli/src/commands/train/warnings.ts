/** What was found in the data that training cannot mend by itself. */
import type { Finding } from "chainrule/data";
import type { Loaded } from "../../prepare/index.ts";
import { findingsOf, singleClasses } from "../inspect/findings.ts";

/** Without the order of the rows: they are shuffled, and held back by class or at random. */
export const warningsOf = ({ table, columns, place, target, task }: Loaded): Finding[] => [
  ...findingsOf(table, columns, place, target).filter(({ kind }) => kind !== "sorted"),
  ...singleClasses(table, target, task),
];
