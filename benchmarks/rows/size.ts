/** What a browser must load to define, fit and predict a multilayer perceptron; the programs lie in size/. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { linesOf, type Measurement } from "../lines.ts";
import { NoFigure } from "../process.ts";
import { judge, type Target } from "../target.ts";
import { ensureBuilt } from "./built.ts";
import type { Row } from "./row.ts";

const folder = fileURLToPath(new URL("../size/", import.meta.url));

const PROGRAMS = ["chainrule", "jax-js", "brain.js", "tfjs-wasm", "convnetjs"] as const;

const target: Target = { text: "≤ 45 kB", of: "chainrule", limit: { kind: "absolute", value: 45e3 }, once: true };

/** Bytes of all JavaScript, minified, and each file with gzip's best compression. */
async function bundle(name: string): Promise<number> {
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: true, target: "es2022", rolldownOptions: { input: `${folder}${name}.js` } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  const chunks = outputs.flatMap((file) => (file.type === "chunk" ? [file.code] : []));
  return chunks.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0);
}

async function measure(name: string): Promise<Measurement> {
  const note = name === "tfjs-wasm" ? "and its WebAssembly files besides" : undefined;
  try {
    if (name === "chainrule") await ensureBuilt();
    else if (!existsSync(new URL("../node_modules", import.meta.url)))
      throw new NoFigure("the peers are not installed");
    return { line: name, rounds: [await bundle(name)], note };
  } catch (error) {
    return { line: name, rounds: [], void: (error as Error).message.split("\n")[0] };
  }
}

export const size: Row = {
  name: "size",
  title: "browser bundle that defines, fits and predicts an MLP, minified, gzip",
  async run() {
    const measurements: Measurement[] = [];
    for (const name of PROGRAMS) measurements.push(await measure(name));
    const lines = linesOf(measurements);
    return { per: "a bundle", unit: "bytes", lines, verdicts: [judge(target, lines)] };
  },
};
