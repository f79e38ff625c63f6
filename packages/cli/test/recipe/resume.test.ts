/** Checkpoints of the recipe: a process that is killed, and goes on to the bit as if it had not been. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trainNetwork } from "../../src/recipe/index.ts";
import { circle, surface } from "./support/problems.ts";

const SCRIPT = fileURLToPath(new URL("support/train-process.ts", import.meta.url));

/** 4 candidates with rows held back once, then all rows; no stop before the last epoch. */
const SETTINGS = JSON.stringify({ validation: 0.2, epochs: 60, patience: 60 });

/** Runs the script, and kills it once it has told so many epochs; gives what it has told. */
function train(folder: string, how: "fresh" | "resume", killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const child = spawn(process.execPath, ["--conditions=@chainrule/source", SCRIPT, folder, how, SETTINGS], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const lines = (): string[] => stdout.split("\n").slice(0, -1);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (lines().length >= killAfter) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      if (status === 0 || signal === "SIGKILL") resolve(lines());
      else reject(new Error(stderr));
    });
  });
}

describe("a training that is killed", () => {
  let folder: string;
  let uninterrupted: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "chainrule-"));
    uninterrupted = (await train("", "fresh")).at(-1);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("again and again gives the same network, bit for bit", async () => {
    expect(uninterrupted).toMatch(/^done [0-9a-f]{64}$/);
    const place = join(folder, "killed");
    const first = await train(place, "fresh", 2);
    expect(first).not.toContain(uninterrupted);
    const begun = new Set<string | undefined>();
    for (const epochs of [30, 70, 5, 90, 1, 60]) {
      const lines = await train(place, "resume", epochs);
      begun.add(lines[0]);
      if (lines.at(-1)?.startsWith("done")) break;
    }
    // They went on, in runs and in epochs: each began somewhere else.
    expect(begun.size).toBeGreaterThan(2);
    expect((await train(place, "resume")).at(-1)).toBe(uninterrupted);
    // What is finished is not done again.
    expect(await train(place, "resume")).toEqual([uninterrupted]);
    expect((await readdir(place)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("before anything was written begins anew", async () => {
    expect((await train(join(folder, "nothing"), "resume")).at(-1)).toBe(uninterrupted);
  });
});

describe("a checkpoint", () => {
  const settings = { seed: 1, hidden: [4], l2: 0.01, epochs: 3 } as const;
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "chainrule-")), "checkpoint");
    await trainNetwork(circle(60), settings, { checkpoint: { folder, resume: false } });
  });
  afterAll(() => rm(join(folder, ".."), { recursive: true }));

  test("is not written over unasked", async () => {
    await expect(trainNetwork(circle(60), settings, { checkpoint: { folder, resume: false } })).rejects.toThrow(
      `The folder ${folder} holds the checkpoint of a training already. Go on with it by --resume, or name another folder.`,
    );
  });

  test("of other settings is refused by their name", async () => {
    const checkpoint = { folder, resume: true };
    await expect(trainNetwork(circle(60), { ...settings, hidden: [5] }, { checkpoint })).rejects.toThrow(
      `The checkpoint in ${folder} was made with --hidden [4], and now it is [5]. Resume with the same options, or name another folder.`,
    );
    await expect(trainNetwork(circle(60), { ...settings, dropout: 0.5 }, { checkpoint })).rejects.toThrow(
      `was made with --dropout not set, and now it is 0.5`,
    );
  });

  test("of other data is refused", async () => {
    const checkpoint = { folder, resume: true };
    await expect(trainNetwork(circle(61), settings, { checkpoint })).rejects.toThrow(
      "was made with rows 60, and now it is 61",
    );
    await expect(trainNetwork(circle(60, 2), settings, { checkpoint })).rejects.toThrow(
      `The checkpoint in ${folder} is of a training on other data: the numbers differ. Resume with the same file, or name another folder.`,
    );
    await expect(trainNetwork(surface(60), settings, { checkpoint })).rejects.toThrow(
      'was made with task "binary", and now it is "regression"',
    );
  });

  test("that is damaged is told by its file", async () => {
    const name = join(folder, "run-1.safetensors");
    await truncate(name, 50);
    await expect(trainNetwork(circle(60), settings, { checkpoint: { folder, resume: true } })).rejects.toThrow(
      /^The checkpoint .*run-1\.safetensors is damaged: .* Delete the folder .* and train from the start\.$/,
    );
  });

  test("that cannot be written ends training", async () => {
    const gone = join(folder, "..", "gone");
    const control = {
      checkpoint: { folder: gone, resume: false },
      onEpoch: () => rmSync(gone, { recursive: true, force: true }),
    };
    await expect(trainNetwork(circle(60), settings, control)).rejects.toThrow(/^The checkpoint cannot be written: /);
  });

  test("whose record is damaged is told by its file", async () => {
    const damaged = join(folder, "..", "damaged");
    await mkdir(damaged);
    await writeFile(join(damaged, "about.json"), "{");
    await expect(trainNetwork(circle(60), settings, { checkpoint: { folder: damaged, resume: true } })).rejects.toThrow(
      /^The checkpoint .*about\.json is damaged: .* Delete the folder .*damaged and train from the start\.$/,
    );
  });

  test("in a folder below others that are missing is made with them", async () => {
    const deep = join(folder, "..", "of", "another", "run");
    await trainNetwork(circle(60), settings, { checkpoint: { folder: deep, resume: false } });
    expect(await readdir(deep)).toContain("about.json");
  });

  test.runIf(process.platform === "linux")(
    "in a place that the system denies is a failure, and no endless try",
    async () => {
      for (const denied of ["/proc/checkpoint", "/proc/of/another"]) {
        await expect(
          trainNetwork(circle(60), settings, { checkpoint: { folder: denied, resume: false } }),
        ).rejects.toThrow(`--checkpoint: the folder ${denied} cannot be used: `);
      }
    },
  );

  test("in a folder that cannot be one is a failure", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    await expect(trainNetwork(circle(60), settings, { checkpoint: { folder: file, resume: false } })).rejects.toThrow(
      `--checkpoint: ${file} is no folder. Name one; it is created if it is not there.`,
    );
  });
});
