/** Runs generated programs in Node, as a visitor would. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Ran {
  readonly printed: string;
  /** All parameters in order, as text that tells every bit. */
  readonly weights: readonly number[];
}

const library = fileURLToPath(new URL("../../../chainrule", import.meta.url));

/** Each program is a file of its own, in a folder where the library is installed; one process runs them all. */
export function runPrograms(programs: readonly string[]): Ran[] {
  const folder = mkdtempSync(join(tmpdir(), "studio-programs-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(library, join(folder, "node_modules", "chainrule"), "junction");
    programs.forEach((text, i) => {
      writeFileSync(join(folder, `${i}.ts`), text);
    });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "all.ts"),
      `import { params } from "chainrule/nn";
       const ran = [];
       let printed = [];
       const { log } = console;
       console.log = (text) => printed.push(text);
       for (let i = 0; i < ${programs.length}; i++) {
         printed = [];
         const { model } = await import(\`./\${i}.ts\`);
         const weights = Object.values(params(model)).flatMap(({ value }) => [...value.dataSync()]);
         ran.push({ printed: printed.join("\\n"), weights: weights.map((value) => Object.is(value, -0) ? "-0" : String(value)) });
       }
       log(JSON.stringify(ran));`,
    );
    const output = execFileSync(process.execPath, ["--conditions=@chainrule/source", "all.ts"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    const ran = JSON.parse(output) as { printed: string; weights: string[] }[];
    return ran.map(({ printed, weights }) => ({ printed, weights: weights.map(Number) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
