/** Threads that are lost, and processes that end while they wait. */
import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** Runs a script that has `program`, shared by two threads that are awake: x ← 2x for 64 numbers, all 1 at first. */
async function script(body: string): Promise<string> {
  const text = `
    import { ExprPool } from ${JSON.stringify(source("loop/build.ts"))};
    import { variable } from ${JSON.stringify(source("loop/build.ts"))};
    import { wasmTarget } from ${JSON.stringify(source("target/wasm/index.ts"))};
    import { createRequire } from "node:module";
    const require = createRequire("/");
    const threads = require("node:worker_threads");
    const workers = [];
    const Original = threads.Worker;
    threads.Worker = class extends Original { constructor(...args) { super(...args); workers.push(this); } };
    const pool = new ExprPool();
    const i = variable("i", "int32");
    const x = pool.load("float32", 0, i);
    const store = { kind: "store", buffer: 0, index: i, value: pool.call("add", x, x) };
    const loop = { kind: "for", index: i, extent: 64, simd: true, body: [store] };
    const buffer = { id: 0, name: "x", dtype: "float32", length: 64, role: "state", offset: 0 };
    const steps = [{ kind: "kernel", kernel: { name: "double", body: [loop] } }];
    const program = wasmTarget({ relaxed: true, threads: 2, leastNs: 0 })
      .instantiate({ buffers: [buffer], arenaBytes: 512, steps, inputs: [], outputs: [0] });
    while (program.threads !== 2) { program.run(); await new Promise((done) => setTimeout(done, 1)); }
    program.view(0).fill(1);
    const attempt = (f) => { try { f(); return "done"; } catch (error) { return error.message; } };
    ${body}`;
  const { stdout } = await run(process.execPath, ["--input-type=module-typescript", "-e", text], { timeout: 50_000 });
  return stdout.trim();
}

it("a process ends by itself while its workers wait, asleep or awake", async () => {
  expect(await script(`program.run(); console.log("x is " + program.view(0)[63]);`)).toBe("x is 2");
  const asleep = `program.run(); setTimeout(() => console.log(workers.length + " worker"), 300);`;
  expect(await script(asleep)).toBe("1 worker");
});

it("a worker that was ended gives one clear error, then the program goes on alone from the same values", async () => {
  const output = await script(`
    await workers[0].terminate();
    console.log(attempt(() => program.run()));
    console.log(program.view(0)[0], attempt(() => program.run()), program.view(0)[0], program.threads);`);
  const [error, after] = output.split("\n");
  expect(error).toMatch(/^A worker thread was lost.*not begun.*values are as the run before left them/);
  expect(after).toBe("1 done 2 1");
});

it("a worker that ends within a loop that never waits gives an error, not a hang", async () => {
  const output = await script(`
    workers[0].terminate();
    let message = "done";
    const start = Date.now();
    while (message === "done" && Date.now() - start < 40_000) message = attempt(() => program.run());
    console.log(message);`);
  expect(output).toMatch(/^A worker thread was lost/);
});

it("a program of an ordinary network uses workers unasked and exits", () => {
  const text = `
    import { compile, setThreads, tensor } from ${JSON.stringify(source("index.ts"))};
    const f = compile((x) => x.matmul(x).tanh());
    const x = tensor(Array.from({ length: 256 }, (_, i) => Array.from({ length: 256 }, (_, j) => Math.sin(i + 2 * j))));
    const first = f(x).dataSync();
    for (let run = 0; run < 200; run++) f(x);
    await new Promise((done) => setTimeout(done, 200));
    console.log(f(x).dataSync().every((value, i) => value === first[i]));`;
  const output = execFileSync(process.execPath, ["--input-type=module-typescript", "-e", text], { timeout: 50_000 });
  expect(output.toString().trim()).toBe("true");
});
