/** Every example runs, and its last line is what its comment `// prints: …` says. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { matches, root, runNode, sandbox } from "./support/sandbox.ts";

const examples = globSync("examples/*.ts", { cwd: root }).sort();

describe("examples", () => {
  it("exist", () => {
    expect(examples).not.toEqual([]);
  });

  for (const example of examples) {
    it(example, { timeout: 120_000 }, async () => {
      // What an example writes lands in a folder that is thrown away.
      using box = sandbox();
      const { status, stdout, stderr } = await runNode([join(root, example)], box.folder);
      // Progress goes to standard error; what is written there matters when the program fails.
      expect(status, stderr).toBe(0);
      const promise = /^\/\/ prints: (.*)$/m.exec(readFileSync(join(root, example), "utf8"))?.[1];
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      if (promise !== undefined && !matches(last, promise)) expect(last).toBe(promise);
    });
  }
});
