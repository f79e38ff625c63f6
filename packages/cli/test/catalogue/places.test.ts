/** Places where results cannot be written; nothing is changed there. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  type BadInput,
  catalogue,
  contentsOf,
  expectRefusal,
  type Files,
  folderOf,
  plants,
  QUICK,
} from "../support/catalogue.ts";
import { chainrule } from "../support/command.ts";

const place = (name: string, options: readonly string[], says: BadInput["says"], files: Files = {}): BadInput => ({
  name,
  files: { "data.csv": plants(), ...files },
  args: ["train", "data.csv", "--target", "kind", ...QUICK, ...options],
  says,
});

catalogue("places", [
  place(
    "a model file that is there",
    [],
    "model.safetensors exists already. Name another file, or replace it by --force.",
    { "model.safetensors": "old" },
  ),
  place(
    "a report that is there",
    ["--report", "old.html"],
    "old.html exists already. Name another file, or replace it by --force.",
    { "old.html": "old" },
  ),
  place("a folder", ["--out", "models"], "models is a folder. Name a file in it.", {
    "models/plants.safetensors": "old",
  }),
  place(
    "a folder, even if files may be replaced",
    ["--out", "models", "--force"],
    "models is a folder. Name a file in it.",
    {
      "models/plants.safetensors": "old",
    },
  ),
  place(
    "a folder that does not exist, for the model",
    ["--out", "models/plants.safetensors"],
    "cannot write models/plants.safetensors: there is no folder models. Create it (mkdir -p models), or name another one.",
  ),
  place(
    "a folder that does not exist, for the report",
    ["--report", "reports/plants.html"],
    "cannot write reports/plants.html: there is no folder reports. Create it (mkdir -p reports), or name another one.",
  ),
  place(
    "a file for a folder",
    ["--out", "data.csv/plants.safetensors"],
    "cannot write data.csv/plants.safetensors: data.csv is no folder. Name another one.",
  ),
  place(
    "a name that is too long",
    ["--out", `${"x".repeat(300)}.safetensors`],
    "cannot write xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.safetensors: its name is too long. Choose a shorter one.",
  ),
  place(
    "a checkpoint in a file",
    ["--checkpoint", "data.csv"],
    "--checkpoint: data.csv is no folder. Name one; it is created if it is not there.",
  ),
  ...(process.platform === "linux"
    ? [
        place(
          "a folder that no one may write to",
          ["--out", "/proc/plants.safetensors"],
          "cannot write /proc/plants.safetensors: the folder /proc takes no files. Name another one.",
        ),
        place(
          "a folder of the system's",
          ["--out", "/sys/plants.safetensors"],
          "cannot write /sys/plants.safetensors: you may not write there. Name a file in another folder.",
        ),
        place(
          "a device that is full",
          ["--out", "/dev/full"],
          "cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
        ),
        place(
          "a device that is full, for the report",
          ["--report", "/dev/full"],
          "cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
        ),
      ]
    : []),
]);

/** Whether a process may mount a file system of its own. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

describe.skipIf(!canMount)("disks", () => {
  /** Trains in a folder into which a disk is mounted; tells what was in it at the end. */
  async function onDisk(mount: string, ...options: string[]) {
    using folder = folderOf({ "data.csv": plants(), "disk/empty": "" });
    const before = contentsOf(folder.path);
    const script = `mount -t tmpfs -o ${mount} tmpfs disk && "$@"; status=$?; ls -A disk >&2; exit $status`;
    const args = ["train", "data.csv", "--target", "kind", ...QUICK, ...options];
    const finished = await chainrule(args, { cwd: folder.path, within: ["unshare", "-rm", "sh", "-c", script, "sh"] });
    expect(contentsOf(folder.path)).toEqual(before);
    return finished;
  }

  test("a full one", async () => {
    expectRefusal(
      await onDisk("size=4k", "--out", "disk/model.safetensors"),
      "cannot write disk/model.safetensors: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
    );
  });

  test("one with space for the model alone leaves neither", async () => {
    expectRefusal(
      await onDisk("size=24k", "--out", "disk/model.safetensors", "--report", "disk/report.html"),
      "cannot write disk/report.html: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
    );
  });

  test("one that is for reading only", async () => {
    expectRefusal(
      await onDisk("ro", "--out", "disk/model.safetensors"),
      "cannot write disk/model.safetensors: you may not write to this disk. Name a file in another folder.",
    );
  });

  test("one with no space for a checkpoint", async () => {
    expectRefusal(
      await onDisk("size=8k", "--checkpoint", "disk/checkpoint"),
      "The checkpoint cannot be written: disk/checkpoint/run-0.safetensors cannot be written: ENOSPC: no space left on device, write\ncheckpoint",
    );
  });
});
