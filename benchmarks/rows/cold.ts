/** From the start of a process to the end of its first step of mlp; the programs lie in cold/. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Contenders } from "../contenders.ts";
import { linesOf } from "../lines.ts";
import { NoFigure } from "../process.ts";
import { judge, type Target } from "../target.ts";
import { ensureBuilt } from "./built.ts";
import type { Row } from "./row.ts";

const folder = fileURLToPath(new URL("../cold/", import.meta.url));

const target: Target = { text: "≤ 160 ms", of: "chainrule", limit: { kind: "absolute", value: 160e6 } };

interface Start {
  readonly line: string;
  readonly command: () => Promise<{ command: readonly string[]; env?: NodeJS.ProcessEnv }>;
}

const node = (line: string, script: string, ...args: string[]): Start => ({
  line,
  command: async () => ({ command: [process.execPath, `${folder}${script}`, ...args] }),
});

function starts(contenders: Contenders): Start[] {
  const python = (name: "numpy" | "pytorch", script: string): Start => ({
    line: name,
    async command() {
      const { command, env } = await contenders.command(name);
      return { command: [command[0] as string, `${folder}${script}`], env };
    },
  });
  return [
    node("chainrule", "chainrule.mjs"),
    node("chainrule wide", "chainrule.mjs", "wide"),
    { line: "node alone", command: async () => ({ command: [process.execPath, "-e", "console.log('done')"] }) },
    python("numpy", "numpy_cold.py"),
    python("pytorch", "torch_cold.py"),
    node("jax-js", "jax.mjs"),
    node("convnetjs", "convnetjs.mjs"),
  ];
}

export const cold: Row = {
  name: "cold",
  title: "process start to the end of the first step of mlp, the library as built",
  async run({ contenders, quick }) {
    const found = starts(contenders).map((start) => ({
      ...start,
      rounds: [] as number[],
      void: undefined as string | undefined,
    }));
    try {
      await ensureBuilt();
    } catch (error) {
      for (const own of found) if (own.line.startsWith("chainrule")) own.void = (error as Error).message;
    }
    for (let round = 0; round < (quick ? 2 : 11); round++) {
      for (const own of found) {
        if (own.void !== undefined) continue;
        try {
          const { command, env } = await own.command();
          own.rounds.push(await untilDone(command, env));
        } catch (error) {
          if (!(error instanceof NoFigure)) throw error;
          own.void = error.message;
        }
      }
    }
    const lines = linesOf(found.map(({ line, rounds, void: reason }) => ({ line, rounds, void: reason })));
    return { per: "a process", unit: "time", lines, verdicts: [judge(target, lines)] };
  },
};

/** Nanoseconds until the program says "done". @throws NoFigure with what it says instead */
function untilDone([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const start = process.hrtime.bigint();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let ns: number | undefined;
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      ns ??= Number(process.hrtime.bigint() - start);
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on("error", (error) => reject(new NoFigure(error.message)));
    // The next contender starts when this one has ended.
    child.on("close", () => {
      if (output.trim() === "done" && ns !== undefined) resolve(ns);
      else reject(new NoFigure(output.trim() || /\w*Error.*/.exec(errors)?.[0] || "it said nothing"));
    });
  });
}
