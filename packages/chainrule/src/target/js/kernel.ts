/** Turns statements into closures. */
import type { Accumulate, Expr, For, Stmt, Store, Var } from "../../loop/ir.ts";
import { scalarFunction } from "../../loop/scalar.ts";
import { type Action, compileExpressions, type Frame, type Thunk } from "./expression.ts";
import { compileProduct } from "./product.ts";

export function compileBlock(stmts: readonly Stmt[], frame: Frame): Action {
  return sequence(stmts.map((stmt) => compileStatement(stmt, frame)));
}

/** One action that does the given ones in order. */
export function sequence(actions: readonly Action[]): Action {
  const [only] = actions;
  if (actions.length === 1 && only) return only;
  return () => {
    for (const action of actions) action();
  };
}

function compileStatement(stmt: Stmt, frame: Frame): Action {
  switch (stmt.kind) {
    case "for":
      return compileFor(stmt, frame);
    case "let":
    case "assign":
      return compileAssign(stmt.target, stmt.value, frame);
    case "accumulate":
      return compileAccumulate(stmt, frame);
    case "store":
      return compileStore(stmt, frame);
    case "if": {
      const condition = compileValue(stmt.condition, frame);
      const then = compileBlock(stmt.then, frame);
      return () => {
        if (condition()) then();
      };
    }
    case "while": {
      const condition = compileValue(stmt.condition, frame);
      const body = compileBlock(stmt.body, frame);
      return () => {
        while (condition()) body();
      };
    }
    case "product":
      return compileProduct(stmt, frame);
  }
}

/** The value of one expression, with what it shares computed first. */
function compileValue(expr: Expr, frame: Frame): Thunk {
  const { before, values } = compileExpressions([expr], frame);
  const value = values[0] as Thunk;
  if (before.length === 0) return value;
  const prepare = sequence(before);
  return () => {
    prepare();
    return value();
  };
}

function compileFor({ index, extent, body }: For, frame: Frame): Action {
  const { cells } = frame;
  const cell = frame.cellOf(index);
  const run = compileBlock(body, frame);
  return () => {
    for (let i = 0; i < extent; i++) {
      cells[cell] = i;
      run();
    }
  };
}

function compileAssign(target: Var, expr: Expr, frame: Frame): Action {
  const { cells } = frame;
  const cell = frame.cellOf(target);
  const value = compileValue(expr, frame);
  return () => {
    cells[cell] = value();
  };
}

function compileAccumulate({ target, op, value: expr }: Accumulate, frame: Frame): Action {
  const { cells } = frame;
  const cell = frame.cellOf(target);
  const value = compileValue(expr, frame);
  const combine = scalarFunction(op, target.dtype);
  return () => {
    cells[cell] = combine(cells[cell] as number, value());
  };
}

function compileStore(stmt: Store, frame: Frame): Action {
  const view = frame.view(stmt.buffer);
  const { before, values } = compileExpressions([stmt.index, stmt.value], frame);
  const [index, value] = values as readonly [Thunk, Thunk];
  const store = (): void => {
    const at = index();
    if (at < 0 || at >= view.length) throw frame.outOfBounds(stmt.buffer, at);
    view[at] = value();
  };
  return before.length === 0 ? store : sequence([...before, store]);
}
