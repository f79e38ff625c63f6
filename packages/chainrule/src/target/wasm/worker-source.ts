/**
 * What a worker thread runs: plain JavaScript as text, so that it works wherever the library is bundled, without a file
 * of its own. It is started from a data: or blob: URL, and needs no leave to compile strings.
 */

/** Cells by which a worker is told what to do, 32 bits each. */
export const ORDERS = { bell: 0, posted: 1, received: 2, ticket: 3, program: 4, thread: 5, threads: 6 } as const;
export const ORDER_CELLS = 16;

/** Turns of the loop that waits for the next run before it sleeps: about 100 µs, what a step's data takes to come. */
const SPINS = 100_000;

/**
 * Messages bring programs and take them away; runs are ordered through memory. A worker serves runs without returning to
 * its event loop, except when messages wait there.
 */
export const workerSource = (cells: { readonly aborted: number; readonly generation: number }): string => `
  "use strict";
  const port = globalThis.process?.getBuiltinModule?.("node:worker_threads")?.parentPort ?? globalThis;
  const programs = new Map();
  let orders;
  let received = 0;
  let ticket = 0;

  function receive(message) {
    received++;
    if (message.orders) orders = message.orders;
    if (message.module) programs.set(message.id, instantiate(message));
    if (message.forget) programs.delete(message.forget);
    Atomics.store(orders, ${ORDERS.received}, received);
    if (Atomics.load(orders, ${ORDERS.posted}) === received) serve();
  }

  function instantiate({ module, memory, header, importModule, memoryName }) {
    const host = { [memoryName]: memory };
    for (const { kind, name } of WebAssembly.Module.imports(module)) {
      if (kind === "function") host[name] = () => { throw new Error(name + " is for the first thread only"); };
    }
    const { exports } = new WebAssembly.Instance(module, { [importModule]: host });
    // As in ThreadedProgram: lets the collector see how large the program is.
    const weight = new ArrayBuffer(memory.buffer.byteLength);
    return { run: exports.run, cells: new Int32Array(memory.buffer, header, 64), weight };
  }

  function serve() {
    for (;;) {
      const bell = Atomics.load(orders, ${ORDERS.bell});
      if (Atomics.load(orders, ${ORDERS.posted}) !== received) return;
      const next = Atomics.load(orders, ${ORDERS.ticket});
      if (next !== ticket) {
        ticket = next;
        run(programs.get(orders[${ORDERS.program}]), orders[${ORDERS.thread}], orders[${ORDERS.threads}]);
        continue;
      }
      let spins = ${SPINS};
      while (Atomics.load(orders, ${ORDERS.bell}) === bell && --spins > 0);
      if (spins === 0) Atomics.wait(orders, ${ORDERS.bell}, bell);
    }
  }

  function run(program, thread, threads) {
    try {
      program.run(thread, threads);
    } catch (error) {
      Atomics.store(program.cells, ${cells.aborted / 4}, 1);
      Atomics.notify(program.cells, ${cells.generation / 4});
      throw error;
    }
  }

  if (port.on) port.on("message", receive);
  else port.onmessage = ({ data }) => receive(data);
`;
