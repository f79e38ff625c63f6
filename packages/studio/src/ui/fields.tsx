/** Fields for settings. A text is read as it is read in a link, and what is wrong with it is said beside it. */
import { useId, useState } from "preact/hooks";
import { type Field, type Limits, Refusal } from "../state/index.ts";

interface Words {
  readonly plain: string;
  readonly term: string;
}

/** The plain words, and the exact term. */
export function Name({ plain, term }: Words) {
  return (
    <span class="name">
      <span class="plain">{plain}</span> <span class="term">{term}</span>
    </span>
  );
}

export interface SelectFieldProps<N extends string> {
  readonly words: Words;
  readonly value: N;
  readonly names: Readonly<Record<N, string>>;
  readonly onChange: (value: N) => void;
}

export function SelectField<N extends string>({ words, value, names, onChange }: SelectFieldProps<N>) {
  return (
    <label class="field">
      <Name {...words} />
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as N)}>
        {(Object.entries(names) as [N, string][]).map(([name, text]) => (
          <option key={name} value={name} selected={name === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export interface PlaceFieldProps {
  readonly words: Words;
  /** The place in the list of the one that is chosen. */
  readonly value: number;
  readonly names: readonly string[];
  readonly onChange: (place: number) => void;
}

/** One of a list whose names a visitor may have given: it is told by its place. */
export function PlaceField({ words, value, names, onChange }: PlaceFieldProps) {
  return (
    <SelectField
      words={words}
      value={String(value)}
      names={Object.fromEntries(names.entries())}
      onChange={(place) => onChange(Number(place))}
    />
  );
}

export interface NumberFieldProps {
  readonly words: Words;
  readonly value: number;
  readonly field: Field<number>;
  readonly onChange: (value: number) => void;
}

export function NumberField({ words, value, field, onChange }: NumberFieldProps) {
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const id = useId();
  const take = (text: string): void => {
    try {
      const read = field.read(text.trim().replace(",", ".").replace("−", "-"));
      setProblem(undefined);
      onChange(read);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <label class="field">
      <Name {...words} />
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        value={field.write(value)}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {problem !== undefined && (
        <span class="problem" id={id} role="alert">
          {problem}
        </span>
      )}
    </label>
  );
}

export interface SliderFieldProps {
  readonly words: Words;
  readonly value: number;
  readonly field: Limits;
  readonly step: number;
  /** The value as it is read. */
  readonly text: string;
  readonly onChange: (value: number) => void;
}

export function SliderField({ words, value, field, step, text, onChange }: SliderFieldProps) {
  const id = useId();
  return (
    // An output is labelable too, and stands first: without its id the slider would have no name.
    <label class="field slider" for={id}>
      <Name {...words} />
      <output>{text}</output>
      <input
        id={id}
        type="range"
        min={field.least}
        max={field.most}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
