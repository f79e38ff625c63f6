/** Completion, by the shells themselves. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { chainrule } from "../support/command.ts";

/** What bash would offer for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await chainrule(["completion", "bash"]);
  const program = `${stdout}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _chainrule; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const {
    status,
    stdout: offers,
    stderr,
  } = spawnSync("bash", ["-c", program], { encoding: "utf8", cwd: import.meta.dirname });
  expect([status, stderr]).toEqual([0, ""]);
  return offers.split("\n").filter((offer) => offer !== "");
}

describe("bash completes", () => {
  test("commands", async () => {
    expect(await offered("chainrule", "mn")).toEqual(["mnist"]);
    expect(await offered("chainrule", "")).toContain("completion");
  });

  test("options of the command", async () => {
    expect(await offered("chainrule", "mnist", "--ep")).toEqual(["--epochs"]);
    expect(await offered("chainrule", "completion", "--ep")).toEqual([]);
  });

  test("values that are few", async () => {
    expect(await offered("chainrule", "completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("files elsewhere", async () => {
    expect(await offered("chainrule", "mnist", "--data", "completion")).toEqual(["completion.test.ts"]);
  });
});

test("fish gets a line for each command and option", async () => {
  const { stdout } = await chainrule(["completion", "fish"]);
  expect(stdout).toContain(
    "complete -c chainrule -n __fish_use_subcommand -f -a mnist -d 'train on handwritten digits'\n",
  );
  expect(stdout).toContain("-n '__fish_seen_subcommand_from mnist' -l epochs -r -d 'times to go");
  expect(stdout).toContain("-n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n");
});

test("zsh takes bash's", async () => {
  const [bash, zsh] = await Promise.all([chainrule(["completion", "bash"]), chainrule(["completion", "zsh"])]);
  expect(zsh.stdout).toBe(`autoload -U +X bashcompinit && bashcompinit\n${bash.stdout}`);
});

test("another shell is refused", async () => {
  const { status, stderr } = await chainrule(["completion", "tcsh"]);
  expect(status).toBe(2);
  expect(stderr).toContain("Allowed choices are bash, zsh, fish.");
});
