/** Who takes part, and how each is started. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NoFigure, Peer } from "./process.ts";
import { findPythons, threadEnvironment } from "./python.ts";

const folder = fileURLToPath(new URL("peers/", import.meta.url));

export const CHAINRULE = ["chainrule", "chainrule wide", "chainrule x2", "chainrule wide x2"] as const;
export const PEERS = [
  "numpy",
  "numpy x2",
  "pytorch",
  "pytorch x2",
  "jax-js",
  "tfjs-wasm",
  "convnetjs",
  "brain.js",
] as const;
export type ContenderName = (typeof CHAINRULE)[number] | (typeof PEERS)[number];

interface Command {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What is known about a contender after it first started. */
export interface Known {
  readonly version?: string;
  readonly note?: string;
}

/** Starts contenders; keeps those running whose start is slow and that no row can spoil for the next. */
export class Contenders {
  readonly known = new Map<ContenderName, Known>();
  readonly #pythons = findPythons();
  readonly #kept = new Map<ContenderName, Peer>();

  /**
   * A running contender.
   *
   * @param options fresh: a process of its own, which the caller closes
   * @throws NoFigure with the reason if it cannot take part
   */
  async start(name: ContenderName, { fresh = false } = {}): Promise<Peer> {
    const kept = this.#kept.get(name);
    if (kept !== undefined && !fresh) return kept;
    const { command, env } = await this.command(name).catch((error: Error) => {
      this.known.set(name, { note: error.message });
      throw error;
    });
    const peer = new Peer(command, env);
    try {
      this.known.set(name, await peer.hello);
    } catch (error) {
      await peer.close();
      const reason = error instanceof Error ? error.message : String(error);
      this.known.set(name, { note: reason });
      throw new NoFigure(reason);
    }
    if (isPython(name) && !fresh) this.#kept.set(name, peer);
    return peer;
  }

  /** Done for this row. */
  async release(name: ContenderName, peer: Peer): Promise<void> {
    if (this.#kept.get(name) === peer) await peer.ask({ do: "forget" }).catch(() => this.#kept.delete(name));
    else await peer.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((peer) => peer.close()));
  }

  async command(name: ContenderName): Promise<Command> {
    const threads = name.endsWith(" x2") ? 2 : 1;
    if (isPython(name)) {
      const pythons = await this.#pythons;
      const [library, python] = name.startsWith("numpy") ? ["NumPy", pythons.numpy] : ["PyTorch", pythons.torch];
      if (python === undefined) throw new NoFigure(`no Python with ${library} on this machine`);
      const script = `${folder}${library === "NumPy" ? "numpy_peer.py" : "torch_peer.py"}`;
      return { command: [python, script, String(threads)], env: threadEnvironment(threads) };
    }
    if (name.startsWith("chainrule")) {
      const variant = JSON.stringify({ threads, wide: name.includes(" wide") });
      return { command: [process.execPath, ...process.execArgv, `${folder}chainrule.ts`, variant], env: {} };
    }
    const script = { "jax-js": "jax", "tfjs-wasm": "tfjs", convnetjs: "convnetjs", "brain.js": "brain" }[
      name as string
    ];
    if (!existsSync(new URL("node_modules", import.meta.url)))
      throw new NoFigure("the peers are not installed: npm run bench");
    return { command: [process.execPath, `${folder}${script}.ts`], env: {} };
  }
}

/** Machine code compiled beforehand: no row leaves anything behind that could slow down the next. */
const isPython = (name: ContenderName): boolean => /^(numpy|pytorch)/.test(name);
