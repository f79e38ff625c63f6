// `npm run studio`: installs and builds what is needed and serves the studio on this machine. npm run studio -- --port 9000
import { join } from "node:path";
import { install, nodePath, root, run, say } from "./setup.mjs";

await install();
const node = nodePath();
say("Building the studio ...");
const built = await run(node, [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
  cwd: join(root, "packages/studio"),
});
process.exitCode = built || (await run(node, [join(root, "packages/studio/server/main.ts"), ...process.argv.slice(2)]));
