/** docs/operations.md says what the primitives are. `UPDATE=1 npx vitest run operations-table` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { operationsPage } from "./operations-table.ts";

const page = new URL("../../../../docs/operations.md", import.meta.url);

it("docs/operations.md is up to date", () => {
  if (process.env.UPDATE === "1") writeFileSync(page, operationsPage());
  expect(readFileSync(page, "utf8"), "write it anew with UPDATE=1").toBe(operationsPage());
});
