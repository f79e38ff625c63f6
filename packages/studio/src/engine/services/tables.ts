/** The visitor's own data. */
import type { Service } from "../protocol.ts";

/** What reads tables is fetched when there is one. */
export const tables = (): Service<"readTable"> => ({
  async readTable({ name, content }) {
    const { readTable } = await import("../../data/read-table.ts");
    return readTable(name, content);
  },
});
