/** What the page knows of the model that is open, and of the row that goes through it. */
import { computed, effect, signal } from "@preact/signals";
import {
  type Case,
  type Client,
  type ModelFacts,
  type Reply,
  type RowInput,
  startEngine,
  type Tried,
} from "../engine/index.ts";
import { MOST_MODEL, type ModelName } from "../state/index.ts";
import { blank, type Drawn } from "./digit/bitmap.ts";
import { PatientEngine } from "./patient.ts";
import { sampleModel } from "./samples.ts";

/** Far more than a usual model needs for anything. */
const LONGEST = 20_000;
/** In milliseconds. */
const MOMENT = 120;

/** As the engine is asked about it. */
interface Settled {
  readonly model: number;
  readonly case: Case;
}

export class Desk {
  readonly facts = signal<ModelFacts | undefined>(undefined);
  /** What is being opened. */
  readonly opening = signal<string | undefined>(undefined);
  /** Why a file was refused. */
  readonly problem = signal<string | undefined>(undefined);
  /** Whether it is a file of the visitor's. */
  readonly own = signal(false);
  readonly input = signal<RowInput | undefined>(undefined);
  /** Where the input is drawn; it stays while another part of the studio is open. */
  readonly drawn = signal<Drawn>({ bitmap: blank(), image: undefined, version: 0 });
  /** Of the latest input that was answered, with the reason where it was refused. */
  readonly tried = signal<{ readonly tried?: Tried; readonly reason?: string } | undefined>(undefined);
  /** What would be right for the row, where the visitor said so: the number of a class, or a value. */
  readonly wanted = signal<number | undefined>(undefined);
  /** What would be right: where nobody said so what the model says, or the usual value. */
  readonly target = computed(() => {
    const { reading, usualTarget } = this.facts.value ?? { reading: "values", usualTarget: 0 };
    return this.wanted.value ?? (reading === "values" ? usualTarget : (this.tried.value?.tried?.winner ?? 0));
  });
  /** The row with what would be right, when both have not changed for a moment: what takes long to show does not follow each stroke. */
  readonly settled = signal<Settled | undefined>(undefined);
  readonly engine: PatientEngine;
  /** The sample that the address named when it was followed last. */
  #followed: ModelName | undefined;
  /** Openings, so that the latest wins. */
  #latest = 0;
  #waiting: RowInput | undefined;
  #asking = false;

  constructor(start: () => Client = startEngine) {
    this.engine = new PatientEngine(start, LONGEST, () => this.#close());
    let waiting: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const [facts, input, target] = [this.facts.value, this.input.value, this.target.value];
      const next =
        facts === undefined || input === undefined ? undefined : { model: facts.id, case: { input, target } };
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        this.settled.value = next;
      }, MOMENT);
    });
  }

  /** Opens the sample that the state names, when that changes. */
  follow(name: ModelName): void {
    if (name !== this.#followed) void this.openSample(name);
  }

  async openSample(name: ModelName): Promise<void> {
    this.#followed = name;
    await this.#open(`${name}.safetensors`, false, () => sampleModel(name));
  }

  async openFile(file: File): Promise<void> {
    await this.#open(file.name, true, async () => {
      // The worker says so too; a larger file is not even read.
      if (file.size > MOST_MODEL) {
        const megabytes = Math.round(file.size / 1e6).toLocaleString("en");
        throw new Error(`It has ${megabytes} MB, and the studio opens files of up to ${MOST_MODEL / 1e6} MB.`);
      }
      return new Uint8Array(await file.arrayBuffer());
    });
  }

  /** Sends a row through the model. While one is on its way only the latest waits. */
  put(input: RowInput): void {
    this.input.value = input;
    this.#waiting = input;
    if (!this.#asking) void this.#ask();
  }

  async #open(name: string, own: boolean, read: () => Promise<Uint8Array>): Promise<void> {
    const turn = ++this.#latest;
    this.opening.value = name;
    this.problem.value = undefined;
    const reply = await this.#reply(name, read);
    const latest = turn === this.#latest;
    if (latest) this.opening.value = undefined;
    if (reply.answer === undefined) {
      if (latest) this.problem.value = reply.reason;
      return;
    }
    // Also where another was chosen since: the worker holds this one now, and keeps it if the other is refused.
    this.own.value = own;
    this.#waiting = undefined;
    this.tried.value = undefined;
    this.wanted.value = undefined;
    this.facts.value = reply.answer;
    this.drawn.value = { bitmap: blank(), image: undefined, version: this.drawn.value.version + 1 };
    this.put(usualInput(reply.answer));
  }

  async #reply(name: string, read: () => Promise<Uint8Array>): Promise<Reply<"openModel">> {
    const turn = this.#latest;
    try {
      const bytes = await read();
      // The worker would hold it in place of what was chosen since.
      if (turn !== this.#latest) return { reason: "Another model was chosen." };
      return await this.engine.ask("openModel", { bytes, name });
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    for (let input = this.#waiting; input !== undefined; input = this.#waiting) {
      this.#waiting = undefined;
      const model = this.facts.value?.id;
      if (model === undefined) break;
      const { answer, reason } = await this.engine.ask("tryModel", { model, input });
      if (model !== this.facts.value?.id) continue;
      this.tried.value = answer === undefined ? { reason } : { tried: answer };
    }
    this.#asking = false;
  }

  #close(): void {
    this.facts.value = undefined;
    this.tried.value = undefined;
  }
}

/** The usual row; nothing drawn; or zeros. */
export function usualInput({ kind, columns, inputs, picture }: ModelFacts): RowInput {
  if (kind === "network") return { values: new Float32Array(inputs) };
  return { cells: Object.fromEntries(columns.map(({ name, usual }) => [name, picture === undefined ? usual : "0"])) };
}
