/** What went wrong, and how to mend it. */
import type { Store } from "../store/index.ts";

export function Notices({ store }: { readonly store: Store }) {
  const [badLink, problem] = [store.badLink.value, store.problem.value];
  const { diverged = false, end } = store.shown.value?.snapshot ?? {};
  return (
    <div class="notices" role="alert">
      {badLink !== undefined && (
        <p>
          <strong>This link cannot be opened:</strong> {badLink}. Nothing of it is used.
        </p>
      )}
      {problem !== undefined && <p>{problem}</p>}
      {diverged && (
        <p>
          <strong>The training blew up</strong> <span class="term">diverged</span>: the loss is no longer a number.
          Choose a smaller step size and reset.
        </p>
      )}
      {end !== undefined && !diverged && (
        <p class={end.converged ? "good" : undefined}>
          {end.converged ? (
            <>
              <strong>It has arrived</strong> <span class="term">converged</span>:
            </>
          ) : (
            <strong>It found no further step:</strong>
          )}{" "}
          {end.reason}.
        </p>
      )}
    </div>
  );
}
