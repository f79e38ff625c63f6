/** The visitor's own data. */
import { readTable } from "../../data/index.ts";
import type { Service } from "../protocol.ts";

export const tables = (): Service<"readTable"> => ({
  readTable: ({ name, content }) => readTable(name, content),
});
