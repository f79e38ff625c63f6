/**
 * Every TypeScript block of the guides and of the documentation comments compiles strictly, runs, and shows what it promises;
 * every terminal session of the guides prints what it shows.
 */
import { copyFileSync, cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Block, blocksOf, commentsOf } from "./support/blocks.ts";
import { root, runNode, sandbox } from "./support/sandbox.ts";
import { carryOut, installCommand, sessionsOf } from "./support/sessions.ts";

const list = (...patterns: string[]) => [...new Set(globSync(patterns, { cwd: root }))].sort();
const read = (file: string) => readFileSync(join(root, file), "utf8");

const guides = list("*.md", "packages/*/README.md", "docs/**/*.md").map((file) => blocksOf(file, read(file)));
const comments = list("packages/*/src/**/*.ts").map((file) => blocksOf(file, commentsOf(read(file))));
const blocks = [...guides, ...comments].flat();

const withSessions = list("*.md", "packages/*/README.md", "docs/**/*.md").filter(
  (file) => sessionsOf(file, read(file)).length > 0,
);

const moduleName = ({ file, line }: Block): string => `${file.replace(/[\\/]/g, "--")}-L${line}.ts`;

/** Writes blocks as modules, and what they need beside them. */
function writeModules(folder: string, some: readonly Block[]): void {
  for (const name of ["check.ts", "sandbox.ts"]) copyFileSync(join(root, "test/support", name), join(folder, name));
  for (const block of some) writeFileSync(join(folder, moduleName(block)), block.code);
}

describe("documentation", () => {
  it("has code in the README", () => {
    expect(blocks.some(({ file }) => file === "README.md")).toBe(true);
  });

  it("compiles", async () => {
    using box = sandbox();
    writeModules(box.folder, blocks);
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ["*.ts"],
    };
    writeFileSync(join(box.folder, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = await runNode([join(root, "node_modules/typescript/bin/tsc"), "-p", box.folder], box.folder);
    expect(stdout).toBe("");
  });

  for (const block of guides.flat()) {
    it.runIf(block.run)(`${block.file}:${block.line} runs`, { timeout: 120_000 }, async () => {
      using box = sandbox();
      writeModules(box.folder, [block]);
      const { status, stderr } = await runNode([moduleName(block)], box.folder);
      // Progress goes to standard error; what is written there matters when the program fails.
      expect(status, stderr).toBe(0);
    });
  }

  for (const file of withSessions) {
    describe(`the sessions of ${file}`, () => {
      const box = sandbox();
      afterAll(() => box[Symbol.dispose]());
      installCommand(box.folder);
      cpSync(join(root, "examples"), join(box.folder, "examples"), { recursive: true });
      for (const session of sessionsOf(file, read(file))) {
        it(`${file}:${session.line}`, { timeout: 120_000 }, () => carryOut(session, box.folder));
      }
    });
  }

  // Comments have many short examples: those of one file share a process.
  for (const ofFile of comments.map((some) => some.filter((block) => block.run)).filter((some) => some.length > 0)) {
    it(`${ofFile[0]?.file} runs`, { timeout: 120_000 }, async () => {
      using box = sandbox();
      writeModules(box.folder, ofFile);
      const all = ofFile.map((block) => `await import("./${moduleName(block)}");\n`);
      writeFileSync(join(box.folder, "all.ts"), `${all.join("")}export {};\n`);
      const { status, stderr } = await runNode(["all.ts"], box.folder);
      // Progress goes to standard error; what is written there matters when the program fails.
      expect(status, stderr).toBe(0);
    });
  }
});
