// `npm test`: installs what is needed, then runs every check of the repository and stops at the first that fails.
// With arguments it runs only the tests that they name: npm test -- packages/chainrule/test/ops
import { installBrowser } from "./browser.mjs";
import { install, nodePath, run, say } from "./setup.mjs";

await install();
await installBrowser();
const node = nodePath();
const vitest = [node, "node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];

/** Quick checks first. @type {[title: string, ...command: string[]][]} */
const everything = [
  ["format and lint", "npm", "run", "--silent", "lint"],
  ["types", "npm", "run", "--silent", "typecheck"],
  ["build", "npm", "run", "--silent", "build"],
  ["packages as published", "npm", "run", "--silent", "check-packages"],
  ["tests", ...vitest],
];
/** @type {typeof everything} */
const steps = process.argv.length > 2 ? [["tests", ...vitest]] : everything;

const started = Date.now();
for (const [index, [title, command = "", ...args]] of steps.entries()) {
  const label = `[${index + 1}/${steps.length}] ${title}`;
  say(`\n${label} ...`);
  const stepStarted = Date.now();
  const status = await run(command, args);
  if (status !== 0) {
    say(`${label}: FAILED (exit ${status}). Again, alone: ${[command, ...args].join(" ")}`);
    process.exit(status);
  }
  say(`${label}: passed in ${seconds(stepStarted)} s`);
}
say(`\nAll passed in ${seconds(started)} s.`);

/** @param {number} since */
function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
