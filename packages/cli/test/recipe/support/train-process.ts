/** A process that trains with a checkpoint, tells each epoch, and in the end the network's weights as a digest. */
import { createHash } from "node:crypto";
import { params } from "chainrule/nn";
import { type Settings, trainNetwork } from "../../../src/recipe/index.ts";
import { circle } from "./problems.ts";

const [folder = "", resume, settings = "{}"] = process.argv.slice(2);

const trained = await trainNetwork(
  circle(900),
  { seed: 3, ...(JSON.parse(settings) as Partial<Settings>) },
  {
    onEpoch: ({ epoch }, { name, run }) => process.stdout.write(`${name} ${run} ${epoch}\n`),
    ...(folder === "" ? {} : { checkpoint: { folder, resume: resume === "resume" } }),
  },
);

const hash = createHash("sha256");
for (const [name, { value }] of Object.entries(params(trained.network))) {
  hash.update(name).update(new Uint8Array(value.dataSync().slice().buffer));
}
const { seconds: _, network: __, ...rest } = trained;
hash.update(JSON.stringify(rest));
process.stdout.write(`done ${hash.digest("hex")}\n`);
