const reasons: Readonly<Record<string, readonly [name: string, message: string]>> = {
  LOGICAL_AGGREGATE_AND_GROUP_BY: [
    'aggregates',
    'the query may not aggregate or group by itself: name an algorithm and its groups in the request.',
  ],
  LOGICAL_DISTINCT: ['DISTINCT', 'DISTINCT is not allowed, since it changes how often a person counts.'],
  LOGICAL_WINDOW: ['window functions', 'window functions are not allowed: name an algorithm in the request.'],
  LOGICAL_UNION: ['UNION', 'UNION is not allowed: ask for each part by itself.'],
  LOGICAL_EXCEPT: ['EXCEPT', 'EXCEPT is not allowed: say in WHERE which rows count.'],
  LOGICAL_INTERSECT: ['INTERSECT', 'INTERSECT is not allowed: say in WHERE which rows count.'],
  LOGICAL_ANY_JOIN: [
    'join',
    'tables are joined by equality of columns joined with AND: put every other condition into WHERE.',
  ],
  LOGICAL_EXPRESSION_GET: ['VALUES', 'VALUES is not allowed: compare the column with IN (…) in WHERE.'],
  LOGICAL_DUMMY_SCAN: ['SELECT without FROM', 'every SELECT has to read a table of the data set.'],
};

const subSelect: readonly [string, string] = [
  'sub-select',
  'sub-selects in expressions, IN, EXISTS and LATERAL are not allowed: write them as a JOIN on the unit column.',
];

/** The name and sentence with which an operator is refused where only aggregates are released; it says what to change. */
export function operatorReason(type: string): readonly [name: string, message: string] {
  if (type === 'LOGICAL_DELIM_JOIN' || type === 'LOGICAL_DELIM_GET') return subSelect;
  const known = Object.hasOwn(reasons, type) ? reasons[type] : undefined;
  const name = type.replace(/^LOGICAL_/, '').replaceAll('_', ' ');
  return known ?? [name, `${name} is not allowed: select, join and filter only.`];
}

/** The same for a kind of join, such as `FULL` or `MARK`. */
export function joinReason(kind: string): readonly [name: string, message: string] {
  if (['MARK', 'SINGLE', 'SEMI', 'ANTI'].includes(kind)) return subSelect;
  return [`${kind} JOIN`, `${kind} JOIN is not allowed: use JOIN or LEFT JOIN.`];
}
