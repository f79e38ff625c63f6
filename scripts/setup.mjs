// Set-up shared by `npm start` and `npm test`: installs what package-lock.json names and finds a Node that runs
// TypeScript sources. It runs before anything is installed, hence plain JavaScript and only what Node 20 brings.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Resolves `chainrule` to its TypeScript sources; see "exports" in packages/chainrule/package.json. */
export const sourceCondition = "--conditions=@chainrule/source";

/** The first Node whose type stripping needs no flag and prints no warning. */
const sourceNode = [24, 12];

const modules = join(root, "node_modules");

/**
 * Installs the dependencies of a folder unless its node_modules already holds those of the present package files.
 *
 * @param {{ folder?: string, what?: string, size?: string }} [options] what is installed and how much there is to
 * download, to be told
 */
export async function install({ folder = root, what = "dependencies", size = "about 150 MB" } = {}) {
  const wanted = fingerprint(folder);
  const modules = join(folder, "node_modules");
  const stampFile = join(modules, ".installed-from");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  // `npm ci` removes node_modules first; where one exists, bringing it up to date is quicker.
  const fresh = process.env.CI !== undefined || !existsSync(modules);
  const command = fresh ? ["ci"] : ["install", "--no-save"];
  const title = `npm ${command.join(" ")}`;
  say(`Installing ${what} (${title}; ${size} to download the first time) ...`);
  const started = Date.now();
  // Standard output belongs to the program that is started afterwards.
  const status = await run("npm", [...command, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    // npm tells what it starts which folder it works in; here another one counts.
    env: { npm_config_local_prefix: undefined },
  });
  if (status !== 0) {
    say(`${title} failed (exit ${status}); npm says why above. Is the registry reachable? Try: npm ping`);
    process.exit(status);
  }
  writeFileSync(stampFile, fingerprint(folder));
  say(`Installed ${what} in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** The program file of a Node that runs TypeScript: the one that is running, or the one among the dependencies. */
export function nodePath() {
  const version = process.versions.node.split(".").map(Number);
  const [major = 0, minor = 0] = version;
  const [wantedMajor = 0, wantedMinor = 0] = sourceNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return process.execPath;
  const names = readdirSync(modules).filter((name) => /^node-(bin-)?(linux|darwin|win)-/.test(name));
  for (const name of names) {
    const folder = join(modules, name);
    const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (existsSync(join(folder, bin.node))) return join(folder, bin.node);
  }
  say(`Node ${process.versions.node} cannot run TypeScript, and the registry has no newer Node for this platform`);
  say(`(${process.platform} ${process.arch}). Install Node ${sourceNode.join(".")} or newer from https://nodejs.org.`);
  process.exit(1);
}

/**
 * Runs a program from the repository root with its terminal and returns its exit status. Programs of the dependencies,
 * their Node among them, come first in its path.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  const path = [join(modules, ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32" && command === "npm",
    ...options,
    env: { ...process.env, PATH: path, ...options.env },
  });
  // The terminal sends Ctrl-C to the child too; wait for it to finish in its own way.
  const wait = () => {};
  const forward = () => child.kill("SIGTERM");
  process.on("SIGINT", wait);
  process.on("SIGTERM", forward);
  return new Promise((resolve) => {
    const finish = (/** @type {number} */ status) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", forward);
      resolve(status);
    };
    child.on("error", (error) => {
      say(`Cannot start ${command}: ${error.message}`);
      finish(127);
    });
    child.on("close", (status, signal) => finish(status ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Progress goes to standard error, so that standard output holds results only.
 *
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Changes when the lockfile, a package file or the platform does.
 *
 * @param {string} folder
 */
function fingerprint(folder) {
  const packages = join(folder, "packages");
  const files = ["package.json", "package-lock.json"].map((name) => join(folder, name));
  if (existsSync(packages)) {
    for (const name of readdirSync(packages).sort()) files.push(join(packages, name, "package.json"));
  }
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of files) if (existsSync(file)) hash.update(readFileSync(file));
  return hash.digest("hex");
}
