// `npm start`: installs what is needed and trains on MNIST. Options go to the command: npm start -- --json. Another
// command of chainrule may be named instead: npm start -- train examples/data/iris.csv --target species
import { install, nodePath, root, run, say, sourceCondition } from "./setup.mjs";

await install();
const args = process.argv.slice(2);
const [first = "-"] = args;
const command = first.startsWith("-") ? ["mnist", ...args] : args;
say(`Running: chainrule ${command.join(" ")}`);
process.exitCode = await run(nodePath(), [sourceCondition, `${root}packages/cli/src/main.ts`, ...command]);
