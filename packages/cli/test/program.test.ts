/** The command line itself: help, version, and mistakes in it, which end with status 2. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createProgram } from "../src/program.ts";
import { chainrule } from "./support/command.ts";

const OPTIONS = [
  "--data",
  "--out",
  "--hidden",
  "--epochs",
  "--batch-size",
  "--learning-rate",
  "--seed",
  "--threads",
  "--no-wide-simd",
  "--json",
  "--quiet",
  "--help-all",
  "--help",
];

test("--help-all explains the command and every option", async () => {
  const { status, stdout, stderr } = await chainrule(["mnist", "--help-all"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Usage: chainrule mnist [options]");
  for (const option of OPTIONS) expect(stdout).toContain(option);
});

test("each command's help fits a screen of 24 lines of 80 characters, and shows an example", async () => {
  for (const command of createProgram().commands) {
    const { stdout } = await chainrule([command.name(), "--help"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length, stdout).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length)), stdout).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/\nExamples?:\n {2}\$ chainrule |eval "\$\(chainrule/);
  }
});

test("--help and help list the commands, with an example; help explains one", async () => {
  const { status, stdout } = await chainrule(["--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Commands:\s+inspect.*\s+train/);
  expect(stdout).toMatch(/\nExamples:\n {2}\$ chainrule train /);
  expect(await chainrule(["help"])).toEqual({ status, stdout, stderr: "" });
  expect((await chainrule(["help", "eval"])).stdout).toBe((await chainrule(["eval", "--help"])).stdout);
});

test("--version is that of the package", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(await chainrule(["--version"])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

describe("mistakes", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await chainrule(args);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };

  test("an option that does not exist", async () => {
    expect(await mistake("mnist", "--epoch", "3")).toBe(
      "error: unknown option '--epoch'\n(Did you mean --epochs?)\n" +
        `The options of chainrule mnist are ${OPTIONS.join(", ")}.\n`,
    );
  });

  test("a command that does not exist", async () => {
    expect(await mistake("mnsit")).toContain("error: unknown command 'mnsit'\n(Did you mean mnist?)");
  });

  test("no command", async () => {
    expect(await mistake()).toContain("Usage: chainrule [options] [command]");
  });

  test("an argument too many", async () => {
    expect(await mistake("mnist", "30")).toContain(
      "error: too many arguments for 'mnist'. Expected 0 arguments but got 1",
    );
  });

  test.each([
    ["--epochs", "0", "an integer ≥ 1"],
    ["--epochs", "many", "an integer ≥ 1"],
    ["--batch-size", "2.5", "an integer ≥ 1"],
    ["--seed", "1e99", "an integer ≥ 0"],
    ["--seed", "", "an integer ≥ 0"],
    ["--threads", "0", "an integer ≥ 1, or auto"],
    ["--threads", "all", "an integer ≥ 1, or auto"],
    ["--learning-rate", "0", "a number > 0"],
    ["--learning-rate", "Infinity", "a number > 0"],
    ["--hidden", "128,", "integers ≥ 1 separated by commas, such as 128,64"],
    ["--hidden", "128;64", "integers ≥ 1 separated by commas, such as 128,64"],
  ])("%s %s", async (option, value, rule) => {
    const message = await mistake("mnist", option, value);
    expect(message).toContain(`error: option '${option} <`);
    expect(message).toContain(`argument '${value}' is invalid. It must be ${rule}.`);
  });

  test.each(["refit", "balanced"])("--%s and its opposite", async (name) => {
    for (const [first, second] of [
      [`--${name}`, `--no-${name}`],
      [`--no-${name}`, `--${name}`],
    ] as const)
      expect(await mistake("train", "a.csv", "--target", "y", first, second)).toBe(
        `error: --${name} and --no-${name} contradict each other. Leave one of them out.\n`,
      );
  });

  test("an option without its value", async () => {
    expect(await mistake("mnist", "--out")).toContain("error: option '--out <file>' argument missing");
  });
});
