/** Nobody frees memory, and none is lost. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("./steps.ts", import.meta.url));

/** Bytes in use after so many repetitions, and the most that the process ever had, in a fresh process. */
function measure(work: string, ...counts: number[]): { grown: number; peak: number } {
  const output = execFileSync(process.execPath, ["--expose-gc", script, work, ...counts.map(String)], {
    encoding: "utf8",
  });
  const { bytes, peak } = JSON.parse(output) as { bytes: number[]; peak: number };
  return { grown: (bytes.at(-1) as number) - (bytes[0] as number), peak };
}

const MB = 2 ** 20;

/**
 * What may come on top without being a leak: V8 compiles and optimises as it goes, some hundred kB. To lose one typed
 * array of a step (a header of some 200 bytes) in each of 9,000 steps would cost about 2 MB.
 */
const ALLOWED = 1 * MB;

describe("memory stays flat", { timeout: 300_000 }, () => {
  it.each(["compiled", "eager"])("from step 1,000 to step 10,000, %s", (work) => {
    expect(measure(work, 1000, 10_000).grown).toBeLessThan(ALLOWED);
  });

  it("when functions are compiled and dropped, each with a WebAssembly memory of 1 MB", () => {
    const { grown, peak } = measure("dropped", 100, 2000);
    expect(grown).toBeLessThan(ALLOWED);
    // All of them together would be 2 GB.
    expect(peak).toBeLessThan(600 * MB);
  });

  it("when single operations meet ever other shapes: their programs are kept up to a number and a size", () => {
    // Of 4,000 programs, some kB of closures each, 256 are kept. They are as many at the start as at the end.
    expect(measure("shapes", 1000, 5000).grown).toBeLessThan(3 * ALLOWED);
  });
});

it("3,000 compiled functions can be there at once, each with its own WebAssembly memory", { timeout: 300_000 }, () => {
  // An engine may reserve 8 GB of addresses for each memory; 3,000 of them are below the 128 TB that a process has.
  expect(measure("kept", 1000, 3000).peak).toBeLessThan(1000 * MB);
});
