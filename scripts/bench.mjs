// `npm run bench`: installs the peers in benchmarks/ and measures the library beside them. --dist measures the built
// library instead of its sources; the other arguments go to the bench: npm run bench -- --quick --only mlp
import { join } from "node:path";
import { install, nodePath, root, run, say, sourceCondition } from "./setup.mjs";

await install();
const folder = join(root, "benchmarks");
await install({ folder, what: "the libraries to compare with, into benchmarks/ only", size: "about 50 MB" });

const all = process.argv.slice(2);
const args = all.filter((arg) => arg !== "--dist");
const dist = args.length < all.length;
let status = 0;
if (dist) {
  say("Building packages/chainrule ...");
  status = await run("npm", ["run", "--silent", "build", "--workspace", "packages/chainrule"], {
    stdio: ["ignore", 2, 2],
  });
}
const conditions = dist ? [] : [sourceCondition];
process.exitCode = status || (await run(nodePath(), [...conditions, join(folder, "run.ts"), ...args]));
