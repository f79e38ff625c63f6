/** The reader of Markdown blocks: a promise that is not kept must fail. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { blocksOf, commentsOf } from "./support/blocks.ts";
import { matches, root, runNode, sandbox } from "./support/sandbox.ts";
import { carryOut, matchesLines, type Session, sessionsOf } from "./support/sessions.ts";

const markdown = `# Title
\`\`\`ts
const a = [1, 2];
a.map((x) => 2 * x); // → [ 2, 4 ]
\`\`\`
\`\`\`sh
npm test # → not TypeScript
\`\`\`
\`\`\`ts continued
Promise.resolve(a.length); // → 3
\`\`\`
\`\`\`ts no-run
process.exit(7);
\`\`\`
`;

async function runBlock(index: number) {
  using box = sandbox();
  for (const name of ["check.ts", "sandbox.ts"]) copyFileSync(join(root, "test/support", name), join(box.folder, name));
  writeFileSync(join(box.folder, "block.ts"), blocksOf("guide.md", markdown)[index]?.code as string);
  return await runNode(["block.ts"], box.folder);
}

describe("Markdown blocks", () => {
  it("are found with their line, and every line keeps its number", () => {
    const blocks = blocksOf("guide.md", markdown);
    expect(blocks.map(({ line, run, promises }) => [line, run, promises])).toEqual([
      [2, true, 1],
      [9, true, 1],
      [12, false, 0],
    ]);
    expect(blocks[1]?.code.split("\n")[2]).toBe("const a = [1, 2];");
    expect(blocks[1]?.code.split("\n")[9]).toContain("a.length");
  });

  it("pass when the promise is kept", async () => {
    expect(await runBlock(0)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("fail, naming the line, when it is not", async () => {
    const { status, stderr } = await runBlock(1);
    expect(status).toBe(1);
    expect(stderr).toContain("guide.md:10 promises 3, but the value is 2");
  });

  it("are found in documentation comments", () => {
    const source = 'const s = "```ts";\n/**\n * Adds.\n * ```ts\n * add(1, 2); // → 3\n * ```\n */\nexport {};\n';
    const blocks = blocksOf("src/add.ts", commentsOf(source));
    expect(blocks.map(({ line, promises }) => [line, promises])).toEqual([[4, 1]]);
    expect(blocks[0]?.code.split("\n")[4]).toBe('await __check(add(1, 2), "3", "src/add.ts:5");');
  });

  it("must be closed and marked with known words", () => {
    expect(() => blocksOf("guide.md", "```ts\nlet a;")).toThrow("guide.md:1: the fence is never closed.");
    expect(() => blocksOf("guide.md", "```ts norun\n```")).toThrow('guide.md:1: "norun" is neither');
  });
});

describe("promises", () => {
  it("match exactly, but for … and white space", () => {
    expect(matches("[ 1, 2 ]", "[ 1, 2 ]")).toBe(true);
    expect(matches("0.6931471824645996", "0.6931…")).toBe(true);
    expect(matches("a\n  b", "a b")).toBe(true);
    expect(matches("[ 1, 2 ]", "[ 1, 3 ]")).toBe(false);
    expect(matches("0.5931", "0.6931…")).toBe(false);
    expect(matches("aXb", "a.b")).toBe(false);
  });
});

describe("sessions", () => {
  const markdown = `\`\`\`console
$ echo a b; echo c
a …
c
$ cat <<END
> text
> END
$ cat missing
…
cat: …
$ echo $?
1
\`\`\`
`;
  const [session] = sessionsOf("guide.md", markdown);

  it("are found with their commands and what these print", () => {
    expect(session).toEqual({
      file: "guide.md",
      line: 1,
      steps: [
        { line: 2, command: "echo a b; echo c", output: "a …\nc" },
        { line: 5, command: "cat <<END\ntext\nEND", output: undefined },
        { line: 8, command: "cat missing", output: "…\ncat: …" },
        { line: 11, command: "echo $?", output: "1" },
      ],
    });
  });

  it("pass when all is printed as shown", async () => {
    using box = sandbox();
    await carryOut(session as Session, box.folder);
  });

  it.each([
    ["$ echo a\nb", "guide.md:2: echo a\npromises:\nb\nand prints:\na\n"],
    ["$ echo a\n$ false", "guide.md:3: false\nended with status 1:\n"],
    ["$ exit 3\n$ echo a", "guide.md:2: exit 3\nended with status 1:\n"],
  ])("fail, naming the line, when it is not: %j", async (lines, message) => {
    using box = sandbox();
    const [wrong] = sessionsOf("guide.md", `\`\`\`console\n${lines}\n\`\`\`\n`);
    await expect(carryOut(wrong as Session, box.folder)).rejects.toThrow(message);
  });

  it("must be closed and begin with a command", () => {
    expect(() => sessionsOf("guide.md", "```console\n$ a")).toThrow("guide.md:1: the fence is never closed.");
    expect(() => sessionsOf("guide.md", "```console\na\n```")).toThrow("guide.md:2: a session begins with a command");
  });

  it("match line by line, but for …", () => {
    expect(matchesLines("a  \nb c d\n", "a\nb … d")).toBe(true);
    expect(matchesLines("a\nb\nc\nd\n", "a\n…\nd")).toBe(true);
    expect(matchesLines("a\nd\n", "a\n…\nd")).toBe(true);
    expect(matchesLines("a\n b\n", "a\nb")).toBe(false);
    expect(matchesLines("a\nb\n", "a…")).toBe(false);
    expect(matchesLines("aXb\n", "a.b")).toBe(false);
  });
});
