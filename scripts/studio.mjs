// `npm run studio`: installs what is needed, and builds and serves the studio on this machine, as `chainrule studio` does.
// Options go to the command: npm run studio -- --port 9000
import { install, nodePath, root, run, sourceCondition } from "./setup.mjs";

await install();
const command = `${root}packages/cli/src/main.ts`;
process.exitCode = await run(nodePath(), [sourceCondition, command, "studio", ...process.argv.slice(2)]);
