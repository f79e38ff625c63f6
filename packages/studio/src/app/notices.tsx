/** What went wrong, and how to mend it. */
import type { Store } from "../store/index.ts";

export interface NoticesProps {
  readonly store: Store;
  /** Whether the part that is open could not be fetched. */
  readonly lost: boolean;
}

export function Notices({ store, lost }: NoticesProps) {
  const badLink = store.badLink.value;
  // Nor does anything go wrong with a network that is not seen.
  const seen = !store.drivesOther && store.state.value.part !== "model";
  const problem = seen ? store.problem.value : undefined;
  const { diverged = false, end } = (seen ? store.shown.value?.snapshot : undefined) ?? {};
  return (
    <div class="notices" role="alert">
      {badLink !== undefined && (
        <p>
          <strong>This link cannot be opened:</strong> {badLink}. Nothing of it is used.
        </p>
      )}
      {lost && <p>This part could not be fetched. Load the page again.</p>}
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
          {end.converged && " That is so at the bottom of a valley, and on a saddle too: the cost tells which."}
        </p>
      )}
    </div>
  );
}
