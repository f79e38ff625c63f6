import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openOutput, writeFile } from "../../src/files/index.ts";
import { ended, startScript } from "../support/script.ts";
import { failureOf, temporaryFolder } from "../support/tables.ts";

describe("a file is written whole", () => {
  test("it has its name after commit only", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "out.csv");
    const file = await openOutput(path);
    await file.write("größe\n");
    await file.write(new Uint8Array([0x31, 0x0a]));
    expect(existsSync(path)).toBe(false);
    await file.commit();
    expect(readFileSync(path, "utf8")).toBe("größe\n1\n");
    await file.abort();
    expect(readdirSync(folder)).toEqual(["out.csv"]);
  });

  test("abort leaves what was there", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "out.csv");
    writeFileSync(path, "old");
    const file = await openOutput(path, { force: true });
    await file.write("new");
    expect(readFileSync(path, "utf8")).toBe("old");
    await file.abort();
    await file.abort();
    expect(readdirSync(folder)).toEqual(["out.csv"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  test("with force it replaces a file, keeps its mode, and goes where a link points", async () => {
    const folder = temporaryFolder();
    const [path, other] = [join(folder, "out.csv"), join(folder, "link.csv")];
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    symlinkSync("out.csv", other);
    await writeFile(other, "new", { force: true });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(lstatSync(other).isSymbolicLink()).toBe(true);
  });

  test("a device is written as it is", async () => {
    await writeFile("/dev/null", "text");
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

describe("places that cannot be written, before there is work to lose", () => {
  test("a file that is there", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "out.csv"), "old");
    expect(await failureOf(openOutput(join(folder, "out.csv")), folder)).toBe(
      "out.csv exists already. Name another file, or replace it by --force.",
    );
    // A link that leads nowhere is a file that is there, too.
    symlinkSync("nowhere", join(folder, "link.csv"));
    expect(await failureOf(openOutput(join(folder, "link.csv")), folder)).toContain("link.csv exists already.");
    expect(readdirSync(folder).sort()).toEqual(["link.csv", "out.csv"]);
  });

  test("a file that came in the meantime", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "out.csv");
    const file = await openOutput(path);
    await file.write("new");
    writeFileSync(path, "old");
    expect(await failureOf(file.commit(), folder)).toBe(
      "out.csv exists already. Name another file, or replace it by --force.",
    );
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["out.csv"]);
  });

  test("folders", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "plain"), "");
    expect(await failureOf(openOutput(join(folder, "inner")), folder)).toBe("inner is a folder. Name a file in it.");
    expect(await failureOf(openOutput(join(folder, "none", "out.csv")))).toBe(
      `cannot write ${folder}/none/out.csv: there is no folder ${folder}/none. Create it (mkdir -p ${folder}/none), or name another one.`,
    );
    expect(await failureOf(openOutput(join(folder, "plain", "out.csv")))).toBe(
      `cannot write ${folder}/plain/out.csv: ${folder}/plain is no folder. Name another one.`,
    );
  });

  test.skipIf(process.platform !== "linux")("a folder that is closed to writing, even to the superuser", async () => {
    const path = `/sys/${Date.now()}.csv`;
    expect(await failureOf(openOutput(path))).toBe(
      `cannot write ${path}: you may not write there. Name a file in another folder.`,
    );
  });

  test("a name that is too long", async () => {
    const path = join(temporaryFolder(), "x".repeat(300));
    expect(await failureOf(openOutput(path))).toBe(`cannot write ${path}: its name is too long. Choose a shorter one.`);
  });
});

/** Whether a process may mount a file system of its own. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

describe("a full disk", () => {
  test.skipIf(process.platform !== "linux")("on a device that is always full", async () => {
    expect(await failureOf(writeFile("/dev/full", "text"))).toBe(
      "cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
    );
  });

  test.skipIf(!canMount)("the old file stays, and nothing lies beside", async () => {
    const body = `
      import { readdirSync, readFileSync } from "node:fs";
      await files.writeFile("out.csv", "old");
      try {
        await files.writeFile("out.csv", "x".repeat(1e6), { force: true });
      } catch (error) {
        console.log(error.name + ": " + error.message);
      }
      console.log(readdirSync(".").join(), readFileSync("out.csv", "utf8"));`;
    const folder = temporaryFolder();
    const shell = `mount -t tmpfs -o size=64k tmpfs ${folder} && cd ${folder} && exec "$@"`;
    const { stdout, stderr } = await ended(startScript(body, { within: ["unshare", "-rm", "sh", "-c", shell, "sh"] }));
    expect(stderr).toBe("");
    expect(stdout).toBe(
      "Failure: cannot write out.csv: there is no space left on the disk. Nothing was changed; make room, or name a file on " +
        "another disk.\nout.csv old\n",
    );
  });

  test.skipIf(!canMount)("a disk that is mounted for reading only", async () => {
    const folder = temporaryFolder();
    const shell = `mount -t tmpfs -o ro tmpfs ${folder} && cd ${folder} && exec "$@"`;
    const body = `await files.openOutput("out.csv").catch((error) => console.log(error.message));`;
    const { stdout } = await ended(startScript(body, { within: ["unshare", "-rm", "sh", "-c", shell, "sh"] }));
    expect(stdout).toBe("cannot write out.csv: you may not write to this disk. Name a file in another folder.\n");
  });
});

describe("a process that ends", () => {
  const begin = `
    const file = await files.openOutput("out.csv");
    await file.write("half");
    console.log("begun");`;
  const forever = "setInterval(() => {}, 1000);";

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s: no temporary file is left", async (signal) => {
    const folder = temporaryFolder();
    const child = startScript(`${begin}${forever}`, { cwd: folder });
    child.stdout.once("data", () => child.kill(signal));
    expect(await ended(child)).toMatchObject({ status: null, signal });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["by itself", "process.exit(3);", 3],
    ["by an error", 'throw new Error("a bug");', 1],
  ])("%s: no temporary file is left", async (_, end, status) => {
    const folder = temporaryFolder();
    expect((await ended(startScript(`${begin}${end}`, { cwd: folder }))).status).toBe(status);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a command with a handler of its own decides when to end", async () => {
    const folder = temporaryFolder();
    const handler = `process.on("SIGINT", async () => { await file.commit(); process.exit(0); });`;
    const child = startScript(`${begin.replace("console.log", `${handler} console.log`)}${forever}`, { cwd: folder });
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect((await ended(child)).status).toBe(0);
    expect(readFileSync(join(folder, "out.csv"), "utf8")).toBe("half");
  });
});

describe("standard output", () => {
  test("gets what is written", async () => {
    const body = `
      const file = await files.openOutput("-");
      for (let i = 0; i < 3; i++) await file.write(i + "\\n");
      await file.commit();`;
    expect(await ended(startScript(body))).toEqual({ status: 0, signal: null, stdout: "0\n1\n2\n", stderr: "" });
  });

  test("a reader that leaves ends the work quietly", async () => {
    const body = `
      const file = await files.openOutput("-");
      for (;;) await file.write("a line\\n".repeat(1000));`;
    const child = startScript(body);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await ended(child)).toMatchObject({ status: 0, stderr: "" });
  });

  test.skipIf(process.platform !== "linux")("that goes to a full disk", async () => {
    const body = `
      const file = await files.openOutput("-");
      await file.write("text").catch((error) => console.error(error.message));`;
    const child = startScript(body, { within: ["sh", "-c", 'exec "$@" > /dev/full', "sh"] });
    expect((await ended(child)).stderr).toBe(
      "cannot write standard output: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.\n",
    );
  });
});
