/** All ideas, to choose from. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { toLink } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Formula } from "../ui/index.ts";
import { ALL } from "./content/index.ts";
import type { Idea } from "./idea.ts";
import { doneIn } from "./progress.ts";
import { Words } from "./words.tsx";

interface ListProps {
  readonly store: Store;
  /** Whether the visitor came here from an idea. */
  readonly opened: RefObject<boolean>;
}

export function List({ store, opened }: ListProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (opened.current) heading.current?.focus();
  }, [opened]);
  return (
    <section class="ideas-list" aria-labelledby="ideas-title">
      <h2 id="ideas-title" ref={heading} tabIndex={-1}>
        Ten ideas, a few steps each
      </h2>
      <p class="lead">
        Each step sets up a network for you, says what to do and what you should see, and checks whether it happened.
        What you had before comes back with Undo.
      </p>
      <ol class="cards">
        {ALL.map((idea, i) => (
          <Entry key={idea.name} store={store} idea={idea} number={i + 1} />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  readonly store: Store;
  readonly idea: Idea;
  readonly number: number;
}

/** A link, so that it can be opened in another tab. */
function Entry({ store, idea, number }: EntryProps) {
  const within = { idea: idea.name, ideaStep: 1 };
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    store.open("ideas", within);
    scrollTo({ top: 0 });
  };
  const done = doneIn(idea);
  return (
    <li>
      <a class="card entry" href={`#${toLink({ ...store.state.value, part: "ideas", ...within })}`} onClick={open}>
        <span class="number">{number}</span>
        <strong>{idea.title}</strong>
        <Formula tex={idea.formula} />
        <span class="gist">
          <Words text={idea.gist} />
        </span>
        <span class="term">
          {idea.steps.length} steps{done > 0 && `, ${done} done`}
        </span>
      </a>
    </li>
  );
}
