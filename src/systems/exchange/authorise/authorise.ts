import { foldedName } from '../sql-text/index.js';
import type { PlanNode } from './plan.js';
import { Refusals } from './refusals.js';
import { type Alike, type ResolvedPlan, resolvePlan, sameName } from './resolve.js';

/** What a relation lets a statement read: columns per table; `*` stands for every column of the table. */
export type Grant = Readonly<Record<string, readonly string[] | '*'>>;

/**
 * Authorises the bound plan of the exact statement that is to run. Allow-lists decide: of operators, expressions,
 * functions, and (table, column) pairs that are read anywhere in the plan, whichever view, sub-select, CTE or star
 * they came through. Throws `statement-refused` naming all that is not allowed.
 *
 * @param alike tells of which columns an equality may be left out of `decisive`; by default those of one name.
 */
export function authorisePlan(
  plans: readonly PlanNode[],
  grant: Grant,
  alike: Alike = sameName,
): ResolvedPlan {
  const refusals = new Refusals();
  const [plan, ...others] = plans;
  if (plan === undefined || others.length > 0) {
    refusals.add('operator', 'statements', `One statement is asked for; ${plans.length} were given.`);
    refusals.throwIfAny();
  }
  const resolved = resolvePlan(plan as PlanNode, refusals, alike);
  checkColumns(resolved, grant, refusals);
  refusals.throwIfAny();
  return resolved;
}

function checkColumns(resolved: ResolvedPlan, grant: Grant, refusals: Refusals): void {
  const granted = new Map(Object.entries(grant).map(([table, columns]) => [foldedName(table), columns]));
  for (const scan of resolved.scans) {
    const columns = granted.get(foldedName(scan.table));
    if (columns === undefined) {
      refusals.add('table', scan.table, `Table ${scan.table} is not one that the agreement lets you read.`);
      continue;
    }
    if (columns === '*') continue;
    const allowed = new Set(columns.map(foldedName));
    for (const column of scan.columns) {
      if (allowed.has(foldedName(column))) continue;
      const name = `${scan.table}.${column}`;
      refusals.add('column', name, `Column ${name} is not one that the agreement lets you read.`);
    }
  }
}
