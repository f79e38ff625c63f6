/** What the columns of the table are used for. */
import {
  COLUMNS,
  FEATURES,
  type FeatureName,
  MOST_MORE,
  type OwnTable,
  offered,
  type Role,
  type State,
  tasksOf,
  withMore,
  withRole,
} from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { Name, SelectField } from "../../ui/index.ts";
import { nameAt } from "./units.ts";

export interface RolesProps {
  readonly store: Store;
  readonly table: OwnTable;
}

const ROLE: Readonly<Record<Role, { plain: string; term: string }>> = {
  target: { plain: "What to predict", term: "target" },
  x: { plain: "Across", term: "x, an input" },
  y: { plain: "Upwards", term: "y, an input" },
};

const TASK: Readonly<Record<OwnTable["task"], string>> = {
  classes: "which class it is (classification)",
  value: "how large it is (regression)",
};

export function Roles({ store, table }: RolesProps) {
  const take = (next: OwnTable | undefined) =>
    next !== undefined && store.update(changesTo(store.state.value, table, next));
  const tasks = tasksOf(table.columns[table.target]!);
  return (
    <>
      {(["target", "x", "y"] as const).map((role) => (
        <SelectField
          key={role}
          words={ROLE[role]}
          value={String(table[role])}
          names={columnsFor(table, role)}
          onChange={(at) => take(withRole(table, role, Number(at)))}
        />
      ))}
      {tasks.length > 1 && (
        <SelectField
          words={{ plain: "The question is", term: "task" }}
          value={table.task}
          names={TASK}
          onChange={(task) => take({ ...table, task })}
        />
      )}
      <More table={table} change={(column, on) => take(withMore(table, column, on))} />
    </>
  );
}

/** The columns that can have a role, by position. */
const columnsFor = (table: OwnTable, role: Role): Record<string, string> =>
  Object.fromEntries(
    table.columns.flatMap(({ name }, at) =>
      at === table[role] || withRole(table, role, at) !== undefined ? [[String(at), name]] : [],
    ),
  );

interface MoreProps {
  readonly table: OwnTable;
  readonly change: (column: number, on: boolean) => void;
}

function More({ table, change }: MoreProps) {
  const columns = offered(table);
  if (columns.length === 0) return null;
  const full = table.more.length === MOST_MORE;
  return (
    <fieldset class="more">
      <legend>
        <Name plain="More inputs" term={`features, at most ${MOST_MORE}`} />
      </legend>
      <div class="columns">
        {columns.map((at) => (
          <label key={at}>
            <input
              type="checkbox"
              checked={table.more.includes(at)}
              disabled={full && !table.more.includes(at)}
              onChange={(event) => change(at, event.currentTarget.checked)}
            />{" "}
            <span>{nameAt(table, at)}</span>
          </label>
        ))}
      </div>
      {table.more.length > 0 && (
        <p class="hint">
          The network sees them in each point. Between the points, and in points that you add, they are at their means.
        </p>
      )}
    </fieldset>
  );
}

/** What changes with the roles: a column keeps whether it is an input, and a new one is. */
function changesTo(state: State, before: OwnTable, table: OwnTable): Partial<State> {
  const on = (column: number): boolean => {
    const at = before.more.indexOf(column);
    return at < 0 || state.features.includes(COLUMNS[at] as FeatureName);
  };
  const columns = COLUMNS.filter((_, i) => i < table.more.length && on(table.more[i] as number));
  return { table, features: [...FEATURES.filter((name) => state.features.includes(name)), ...columns] };
}
