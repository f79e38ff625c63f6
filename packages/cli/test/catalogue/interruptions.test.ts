/** Commands that are stopped in the middle, by the user or by the system. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTableModel } from "chainrule/io";
import { expect, test } from "vitest";
import { contentsOf, folderOf, plants } from "../support/catalogue.ts";
import { chainrule, finished, startChainrule } from "../support/command.ts";

/** Goes on until it is stopped. */
const FOREVER = ["--hidden", "4", "--l2", "0.01", "--validation", "0", "--epochs", "10000000"];

/** Waits until a process has written something. */
const written = (stream: ChildProcessWithoutNullStreams["stdout"], what: RegExp): Promise<void> =>
  new Promise((resolve) => {
    let text = "";
    const listener = (part: string | Buffer): void => {
      text += part;
      if (!what.test(text)) return;
      stream.off("data", listener);
      resolve();
    };
    stream.on("data", listener);
  });

test("Ctrl-C once finishes the epoch and saves a model", async () => {
  using folder = folderOf({ "data.csv": plants() });
  const child = startChainrule(["train", "data.csv", "--target", "kind", ...FOREVER], { cwd: folder.path });
  const end = finished(child);
  await written(child.stderr, /epoch 3\//);
  child.kill("SIGINT");
  const { status, stdout, stderr } = await end;
  expect(status).toBe(0);
  expect(stderr).toContain("\nFinishing the epoch; Ctrl-C again stops at once.\n");
  expect(stdout).toMatch(/Trained in [\d.]+ s\nKept: epoch \d+ \(interrupted\)/);
  expect(stdout).toContain("\nModel file: model.safetensors\n");
  expect(Object.keys(contentsOf(folder.path))).toEqual(["data.csv", "model.safetensors"]);
  const model = await loadTableModel(join(folder.path, "model.safetensors"));
  expect(model.target.classes).toEqual(["fern", "oak", "rose"]);
});

test("Ctrl-C twice stops at once, and leaves nothing", async () => {
  // An epoch of seconds, so that the second one comes before its end.
  using folder = folderOf({ "data.csv": plants(30_000) });
  const slow = ["--hidden", "512,512", "--l2", "0", "--validation", "0", "--batch-size", "32"];
  const before = contentsOf(folder.path);
  const child = startChainrule(["train", "data.csv", "--target", "kind", ...slow], { cwd: folder.path });
  const end = finished(child);
  await written(child.stdout, /Data: /);
  child.kill("SIGINT");
  await written(child.stderr, /Finishing/);
  child.kill("SIGINT");
  const { status, stderr } = await end;
  expect(status).toBe(130);
  expect(stderr).not.toContain("error");
  expect(contentsOf(folder.path)).toEqual(before);
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s leaves nothing, even of a file that was to be replaced",
  async (signal) => {
    using folder = folderOf({ "data.csv": plants(), "model.safetensors": "old" });
    const before = contentsOf(folder.path);
    const args = ["train", "data.csv", "--target", "kind", ...FOREVER, "--force", "--report", "report.html"];
    const child = startChainrule(args, { cwd: folder.path });
    const end = finished(child);
    await written(child.stderr, /epoch 3\//);
    child.kill(signal);
    expect(await end).toMatchObject({ status: null });
    expect(contentsOf(folder.path)).toEqual(before);
  },
);

test("a training that is killed goes on by --resume, to the same model file bit for bit", async () => {
  using folder = folderOf({ "data.csv": plants() });
  const { path: cwd } = folder;
  const args = ["train", "data.csv", "--target", "kind", "--epochs", "400", "--patience", "400", "--test", "0"];
  expect(await chainrule([...args, "--quiet", "--out", "whole.safetensors"], { cwd })).toMatchObject({ status: 0 });

  const kept = [...args, "--checkpoint", "kept", "--out", "killed.safetensors"];
  const child = startChainrule([...kept, "--json"], { cwd });
  const end = finished(child);
  await written(child.stdout, /"run":2,"epoch":200,/);
  child.kill("SIGKILL");
  expect(await end).toMatchObject({ status: null });
  expect(Object.keys(contentsOf(cwd))).not.toContain("killed.safetensors");

  const { status, stdout } = await chainrule([...kept, "--json", "--resume"], { cwd });
  expect(status).toBe(0);
  // It does not begin at the beginning.
  expect(stdout).not.toContain('"run":1,');
  const bytes = (name: string): Buffer => readFileSync(join(cwd, name));
  expect(bytes("killed.safetensors").equals(bytes("whole.safetensors"))).toBe(true);
});

test("a reader that has enough of the words does not lose the model", async () => {
  using folder = folderOf({ "data.csv": plants() });
  const child = startChainrule(["train", "data.csv", "--target", "kind"], { cwd: folder.path });
  child.stdout.once("data", () => child.stdout.destroy());
  const end = new Promise((resolve) => child.on("close", resolve));
  child.stderr.resume();
  expect(await end).toBe(0);
  expect(Object.keys(contentsOf(folder.path))).toEqual(["data.csv", "model.safetensors"]);
});

test("a reader that has enough of the words ends what has nothing else to do", async () => {
  using folder = folderOf({ "data.csv": plants() });
  const args = ["-c", `"$@" | true; echo "\${PIPESTATUS[0]}" >&2`, "bash"];
  const { stderr } = await chainrule(["inspect", "data.csv"], { cwd: folder.path, within: ["bash", ...args] });
  expect(stderr).toBe("0\n");
});
