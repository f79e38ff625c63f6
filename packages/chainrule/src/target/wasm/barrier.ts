/**
 * Where threads meet: a counter of those that have arrived and a generation that the last one advances. Who waits spins
 * for some microseconds and then sleeps, or spins on where it may not sleep, as on the main thread of a browser.
 */
import { FunctionWriter, type Local, type WasmFunction } from "./assembler.ts";

/** Cells of 32 bits at the head of a shared program's memory: byte offsets from its start, cache lines apart. */
export const CELLS = { generation: 0, arrived: 64, sleepers: 128, aborted: 192, maySleep: 196 } as const;
export const HEADER_BYTES = 256;

/** Turns of a loop that reads one cell: about 50 µs, which is what waking a sleeper may take. */
const SPINS = 100_000;
/** How long the first thread waits for others before it gives them up: slices of sleep, or as many turns of spinning. */
const SLICES = 100;
const SLICE_NS = 100_000_000;
const SLICE_SPINS = 100_000_000;

const EVERYONE = -1;
const FOREVER = -1;

/**
 * (thread, threads: i32) → 0 when all have arrived, 1 when the run is given up: a thread failed, or the first one has
 * waited for 10 s, not counting time in which the process was stopped.
 */
export function barrierFunction(header: number): WasmFunction {
  const params = ["thread", "threads"].map((name) => [name, "i32"] as const);
  const writer = new FunctionWriter("barrier", params, ["i32"]);
  const [thread, threads] = writer.params as readonly [Local, Local];
  const generation = writer.local("i32", "generation");
  const left = writer.local("i32", "left");
  const slices = writer.local("i32", "slices");
  const at = (cell: keyof typeof CELLS): number => header + CELLS[cell];
  const load = (cell: keyof typeof CELLS): void => {
    writer.i32(0);
    writer.atomic("i32.atomic.load", at(cell));
  };
  const add = (cell: keyof typeof CELLS, amount: number): void => {
    writer.i32(0);
    writer.i32(amount);
    writer.atomic("i32.atomic.rmw.add", at(cell));
  };
  const returnValue = (value: number): void => {
    writer.i32(value);
    writer.op("return");
  };
  const whenAborted = (then: () => void): void => {
    load("aborted");
    writer.if(then);
  };
  const pushMet = (): void => {
    load("generation");
    writer.get(generation);
    writer.op("i32.ne");
  };
  const wakeAll = (): void => {
    writer.i32(0);
    writer.i32(EVERYONE);
    writer.atomic("memory.atomic.notify", at("generation"));
    writer.op("drop");
  };
  const spin = (turns: number): void => {
    writer.i32(turns);
    writer.set(left);
    writer.block("loop", "spin", (again) => {
      pushMet();
      writer.if(() => returnValue(0));
      writer.get(left);
      writer.i32(1);
      writer.op("i32.sub");
      writer.tee(left);
      writer.branch("br_if", again);
    });
  };

  writer.get(threads);
  writer.i32(1);
  writer.op("i32.eq");
  writer.if(() => returnValue(0));
  whenAborted(() => returnValue(1));
  load("generation");
  writer.set(generation);
  add("arrived", 1);
  writer.i32(1);
  writer.op("i32.add");
  writer.get(threads);
  writer.op("i32.eq");
  writer.if(() => {
    writer.i32(0);
    writer.i32(0);
    writer.atomic("i32.atomic.store", at("arrived"));
    add("generation", 1);
    writer.op("drop");
    // Whoever goes to sleep counts itself first and then looks at the generation, so that none is missed.
    load("sleepers");
    writer.if(wakeAll);
    returnValue(0);
  });
  spin(SPINS);
  writer.i32(SLICES);
  writer.set(slices);
  writer.block("loop", "sleep", (again) => {
    load("maySleep");
    writer.get(thread);
    writer.op("i32.or");
    writer.if(
      () => {
        add("sleepers", 1);
        writer.op("drop");
        writer.i32(0);
        writer.get(generation);
        // Only the first thread watches the time: the others are told.
        writer.i64(FOREVER);
        writer.i64(SLICE_NS);
        writer.get(thread);
        writer.op("select");
        writer.atomic("memory.atomic.wait32", at("generation"));
        writer.op("drop");
        add("sleepers", -1);
        writer.op("drop");
      },
      () => spin(SLICE_SPINS),
    );
    pushMet();
    writer.if(() => returnValue(0));
    whenAborted(() => returnValue(1));
    writer.get(thread);
    writer.branch("br_if", again);
    writer.get(slices);
    writer.i32(1);
    writer.op("i32.sub");
    writer.tee(slices);
    writer.branch("br_if", again);
  });
  writer.i32(0);
  writer.i32(1);
  writer.atomic("i32.atomic.store", at("aborted"));
  wakeAll();
  writer.i32(1);
  return writer.finish();
}
