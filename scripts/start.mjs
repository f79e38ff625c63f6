// `npm start`: installs what is needed and trains on MNIST. Arguments go to the command: npm start -- --json
import { install, nodePath, root, run, say, sourceCondition } from "./setup.mjs";

await install();
const args = process.argv.slice(2);
say(`Running: chainrule mnist ${args.join(" ")}`.trimEnd());
process.exitCode = await run(nodePath(), [sourceCondition, `${root}packages/cli/src/main.ts`, "mnist", ...args]);
