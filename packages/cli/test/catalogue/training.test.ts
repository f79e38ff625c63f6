/** Trainings that come to nothing, and checkpoints that do not fit. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type BadInput, catalogue, contentsOf, expectRefusal, folderOf, plants, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

const training = (name: string, options: readonly string[], says: BadInput["says"], content = plants()): BadInput => ({
  name,
  files: { "data.csv": content },
  args: ["train", "data.csv", "--target", "kind", ...QUICK, ...options],
  says,
});

catalogue("training that meets NaN or infinity", [
  training(
    "at a huge learning rate",
    ["--learning-rate", "1e30"],
    "Training met NaN or infinity at a learning rate of 1e+30 and a penalty of 0.01, so there is no network. Use a lower penalty, such as --l2 0.01, and look for extreme values in the columns with chainrule inspect.",
  ),
  training(
    "at a huge learning rate, with validation",
    ["--learning-rate", "1e30", "--validation", "0.3"],
    "Training met NaN or infinity at a learning rate of 1e+30 and a penalty of 0.01, so there is no network. Use a lower penalty, such as --l2 0.01, and look for extreme values in the columns with chainrule inspect.",
  ),
  training(
    "at a huge learning rate, over folds",
    ["--learning-rate", "1e30", "--folds", "3"],
    "Training met NaN or infinity at a learning rate of 1e+30 and a penalty of 0.01, so there is no network. Use a lower penalty, such as --l2 0.01, and look for extreme values in the columns with chainrule inspect.",
  ),
  training(
    "at a huge penalty",
    ["--l2", "1e30", "--optimizer", "sgd"],
    "Training met NaN or infinity at a learning rate of 0.05 and a penalty of 1e+30, so there is no network. Use a lower penalty, such as --l2 0.01, and look for extreme values in the columns with chainrule inspect.",
  ),
  training(
    "at a huge learning rate, with a checkpoint and a report",
    ["--learning-rate", "1e38", "--optimizer", "sgd", "--report", "r.html"],
    "Training met NaN or infinity at a learning rate of 1e+38 and a penalty of 0.01, so there is no network. Use a lower penalty, such as --l2 0.01, and look for extreme values in the columns with chainrule inspect.",
  ),
]);

describe("a checkpoint", () => {
  const checkpoint = ["--checkpoint", "kept", "--out", "model.safetensors", "--force"];
  const data = ["train", "data.csv", "--target", "kind", ...QUICK, ...checkpoint];

  /** What is told when a training goes on after something has changed. */
  async function refused(
    change: (folder: string) => void,
    args: readonly string[],
    says: string | RegExp,
  ): Promise<void> {
    using folder = folderOf({ "data.csv": plants() });
    expect(await runHere(data, folder.path)).toMatchObject({ status: 0 });
    change(folder.path);
    const before = contentsOf(folder.path);
    expectRefusal(await runHere(args, folder.path), says);
    expect(contentsOf(folder.path)).toEqual(before);
  }

  test("that is there, without --resume", () =>
    refused(
      () => {},
      data,
      "The folder kept holds the checkpoint of a training already. Go on with it by --resume, or name another folder.",
    ));

  test("of other data", () =>
    refused(
      (folder) => writeFileSync(join(folder, "data.csv"), plants(12, ["rose", "fern", "oak"])),
      [...data, "--resume"],
      "The checkpoint in kept is of a training on other data: the numbers differ. Resume with the same file, or name another folder.",
    ));

  test("of other options", () =>
    refused(
      () => {},
      [...data, "--resume", "--learning-rate", "0.5"],
      "The checkpoint in kept was made with --learning-rate not set, and now it is 0.5. Resume with the same options, or name another folder.",
    ));

  test("that is damaged", () =>
    refused(
      (folder) => writeFileSync(join(folder, "kept", "run-0.safetensors"), "half"),
      [...data, "--resume"],
      "The checkpoint kept/run-0.safetensors is damaged: kept/run-0.safetensors is not a valid safetensors file: it has 4 bytes, too few for the length of a header. Delete the folder kept and train from the start.",
    ));

  test("whose record is damaged", () =>
    refused(
      (folder) => writeFileSync(join(folder, "kept", "about.json"), "{"),
      [...data, "--resume"],
      "The checkpoint kept/about.json is damaged: Expected property name or '}' in JSON at position 1 (line 1 column 2). Delete the folder kept and train from the start.",
    ));
});
