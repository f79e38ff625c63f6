/** `chainrule predict` as a process: its memory, pipes that close, disks that are full, signals. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { chainrule, startChainrule } from "../support/command.ts";
import { PRICE, shopFor, writeModel } from "../support/shop.ts";
import { temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const MODEL = "price.safetensors";

beforeAll(async () => {
  await writeModel(join(folder, MODEL), shopFor(PRICE, 120), PRICE);
  writeFileSync(join(folder, "long.csv"), big(100_000));
});

const big = (rows: number): string => {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${(i % 400) / 16},${["red", "green", "blue"][i % 3]},2024-01-0${1 + (i % 9)},row ${i}`,
  );
  return `size,color,day,id\n${lines.join("\n")}\n`;
};

test("takes some rows at a time: hundreds of thousands go through a pipe with a heap that could not hold them", async () => {
  // As a table they take some 50 MB.
  const { status, stdout, stderr } = await chainrule(["predict", MODEL, "-", "--only-predictions"], {
    cwd: folder,
    input: big(200_000),
    node: ["--max-old-space-size=24"],
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining("200,000 rows written.\n")]);
  const lines = stdout.split("\n");
  expect(lines).toHaveLength(200_002);
  // Every 3600 rows the same come again.
  expect(lines[1 + 3600]).toBe(lines[1]);
  expect(lines[1 + 3600 * 50]).toBe(lines[1]);
});

test("ends quietly when nobody reads on", async () => {
  const child = startChainrule(["predict", MODEL, "long.csv"], { cwd: folder });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect([status, stderr]).toEqual([0, ""]);
});

test.runIf(existsSync("/dev/full"))("says when there is no space left for what it writes", async () => {
  const { status, stderr } = await chainrule(["predict", MODEL, "long.csv"], {
    cwd: folder,
    within: ["sh", "-c", 'exec "$@" > /dev/full', "sh"],
  });
  expect([status, stderr]).toEqual([2, "error: cannot write standard output: no space left on device.\n"]);
  const device = await chainrule(["predict", MODEL, "long.csv", "--out", "/dev/full"], { cwd: folder });
  expect([device.status, device.stderr]).toEqual([
    2,
    "error: cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on " +
      "another disk.\n",
  ]);
});

test.each(["SIGINT", "SIGTERM"] as const)("interrupted by %s it leaves no file", async (signal) => {
  const before = readdirSync(folder);
  const child = startChainrule(["predict", MODEL, "-", "--out", "half.csv"], { cwd: folder, input: null });
  child.stdin.on("error", () => {});
  const ended = new Promise((resolve) => child.on("close", (_status, by) => resolve(by)));
  // Standard input stays open, so that it waits for more rows.
  child.stdin.write(big(5000));
  while (!readdirSync(folder).some((name) => name.endsWith(".tmp"))) await new Promise((go) => setTimeout(go, 20));
  child.kill(signal);
  expect(await ended).toBe(signal);
  expect(readdirSync(folder)).toEqual(before);
});
