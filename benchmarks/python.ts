/** Finds a Python with NumPy on a tuned BLAS, and one with PyTorch. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Pythons {
  /** Undefined where there is none. */
  readonly numpy: string | undefined;
  readonly torch: string | undefined;
}

interface Probe {
  readonly executable: string;
  readonly numpy: boolean;
  readonly torch: boolean;
  /** GFLOP/s of a matrix product, one thread. */
  readonly rate: number;
}

const PROBE = `
import importlib.util, json, os, sys, time
found = lambda name: importlib.util.find_spec(name) is not None
rate = 0
if found("numpy"):
    import numpy as np
    a = np.ones((384, 384), np.float32)
    def timed():
        start = time.perf_counter(); a @ a; return time.perf_counter() - start
    rate = 2 * 384**3 / min(timed() for _ in range(5)) / 1e9
print(json.dumps({"executable": sys.executable, "numpy": found("numpy"), "torch": found("torch"), "rate": rate}))
`;

/** What keeps the usual libraries for linear algebra to a number of threads, and Python from writing beside its sources. */
export function threadEnvironment(threads: number): NodeJS.ProcessEnv {
  const names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"];
  return { ...Object.fromEntries(names.map((name) => [name, String(threads)])), PYTHONDONTWRITEBYTECODE: "1" };
}

/** Asks the Python in BENCH_PYTHON, if it is set, else those in the usual places. */
export async function findPythons(): Promise<Pythons> {
  const asked = process.env.BENCH_PYTHON;
  const names = asked === undefined ? ["python3", "/usr/bin/python3", "python"] : [asked];
  const probes = (await Promise.all(names.map(probe))).filter((found) => found !== undefined);
  const quickest = probes.filter((found) => found.numpy).sort((a, b) => b.rate - a.rate);
  return { numpy: quickest[0]?.executable, torch: quickest.find((found) => found.torch)?.executable };
}

async function probe(name: string): Promise<Probe | undefined> {
  try {
    const env = { ...process.env, ...threadEnvironment(1) };
    const { stdout } = await promisify(execFile)(name, ["-c", PROBE], { env, timeout: 60_000 });
    return JSON.parse(stdout) as Probe;
  } catch {
    return undefined;
  }
}
