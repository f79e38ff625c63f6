// Type-checks the root folder and every package, each with its own tsconfig.json.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, say } from "./setup.mjs";

const tsc = join(root, "node_modules/typescript/bin/tsc");
const folders = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
let failed = 0;
for (const folder of [...folders, "."]) {
  const config = join(root, folder, "tsconfig.json");
  if (!existsSync(config)) continue;
  say(`  tsc --noEmit -p ${folder}`);
  failed ||= await run(process.execPath, [tsc, "--noEmit", "-p", config]);
}
process.exitCode = failed;
