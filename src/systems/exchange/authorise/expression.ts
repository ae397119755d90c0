import {
  allowedAggregates,
  allowedExpressions,
  allowedFunctions,
  scalarSubSelectError,
} from './allow-lists.js';
import { columnName, computed, type Origin, type Source } from './origin.js';
import { asRecord } from './plan.js';
import type { Refusals } from './refusals.js';

/** A bound expression, as `json_serialize_plan` writes it. */
export type Expression = Readonly<Record<string, unknown>>;

/**
 * Checks an expression against the allow-lists and finds where its value comes from. `inputs` are the output columns
 * of the operator below; a reference is a position among them.
 */
export function originOf(expression: unknown, inputs: readonly Origin[], refusals: Refusals): Origin {
  const record = asRecord(expression, 'expression');
  if (record.expression_class === 'BOUND_REF') return reference(record, inputs, refusals);
  const sources: Source[] = [];
  checkOne(record, inputs, refusals, sources);
  return computed(sources, record.expression_class === 'BOUND_CONSTANT');
}

function reference(record: Expression, inputs: readonly Origin[], refusals: Refusals): Origin {
  const origin = inputs[Number(record.index)];
  if (origin === undefined) {
    // below an operator that was refused, columns are not known; elsewhere the plan is not as it should be
    if (refusals.empty)
      refusals.add('expression', 'reference', 'A column reference could not be traced to a table.');
    return computed([]);
  }
  for (const source of origin.sources) {
    if (source.column === undefined) {
      refusals.add(
        'column',
        columnName(source),
        `Column rowid of table ${source.table} is not a column that may be read.`,
      );
    }
  }
  return origin;
}

/** Walks everything below `value`, whatever field it hides in, so that no nested expression escapes the check. */
function walk(value: unknown, inputs: readonly Origin[], refusals: Refusals, sources: Source[]): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, inputs, refusals, sources);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const record = value as Expression;
  if (record.expression_class === 'BOUND_REF') {
    sources.push(...reference(record, inputs, refusals).sources);
    return;
  }
  checkOne(record, inputs, refusals, sources);
}

function checkOne(
  record: Expression,
  inputs: readonly Origin[],
  refusals: Refusals,
  sources: Source[],
): void {
  const kind = record.expression_class;
  if (typeof kind === 'string') checkKind(kind, record, refusals);
  if (kind === 'BOUND_CONSTANT') return;
  for (const field of Object.values(record)) walk(field, inputs, refusals, sources);
}

function checkKind(kind: string, record: Expression, refusals: Refusals): void {
  const name = String(record.name ?? record.function_name ?? '');
  if (!allowedExpressions.has(kind)) {
    refusals.add('expression', kind, `The statement uses ${readable(kind)}, which is not allowed.`);
  } else if (
    kind === 'BOUND_FUNCTION' &&
    !allowedFunctions.has(name) &&
    !isScalarSubSelectCheck(name, record)
  ) {
    refusals.add('function', name, `Function ${name} is not allowed.`);
  } else if (
    (kind === 'BOUND_AGGREGATE' || kind === 'BOUND_WINDOW') &&
    name !== '' &&
    !allowedAggregates.has(name)
  ) {
    refusals.add('function', name, `Function ${name} is not allowed.`);
  } else if (kind === 'BOUND_WINDOW' && name === '' && !isPlainWindow(record)) {
    refusals.add(
      'function',
      String(record.type),
      `Window function ${readable(String(record.type))} is not allowed.`,
    );
  }
}

function isScalarSubSelectCheck(name: string, record: Expression): boolean {
  if (name !== 'error' || !Array.isArray(record.children) || record.children.length !== 1) return false;
  const constant = asRecord(record.children[0], 'argument');
  if (constant.expression_class !== 'BOUND_CONSTANT') return false;
  return String(asRecord(constant.value, 'constant').value) === scalarSubSelectError;
}

function isPlainWindow(record: Expression): boolean {
  const type = String(record.type)
    .replace(/^WINDOW_/, '')
    .toLowerCase();
  return allowedAggregates.has(type);
}

function readable(kind: string): string {
  return kind
    .replace(/^(BOUND|WINDOW|LOGICAL)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}
