/**
 * What a statement may be made of. Anything that is not listed is refused by its name, so that a new version of
 * DuckDB cannot add a way around an agreement.
 */

/** Operators of a bound plan. Table functions, PIVOT, EXPLAIN, COPY, samples and recursion are not among them. */
export const allowedOperators: ReadonlySet<string> = new Set([
  'LOGICAL_PROJECTION',
  'LOGICAL_FILTER',
  'LOGICAL_GET',
  'LOGICAL_AGGREGATE_AND_GROUP_BY',
  'LOGICAL_COMPARISON_JOIN',
  'LOGICAL_DELIM_JOIN',
  'LOGICAL_ANY_JOIN',
  'LOGICAL_CROSS_PRODUCT',
  'LOGICAL_DELIM_GET',
  'LOGICAL_ORDER_BY',
  'LOGICAL_LIMIT',
  'LOGICAL_DISTINCT',
  'LOGICAL_WINDOW',
  'LOGICAL_UNION',
  'LOGICAL_EXCEPT',
  'LOGICAL_INTERSECT',
  'LOGICAL_MATERIALIZED_CTE',
  'LOGICAL_CTE_REF',
  'LOGICAL_DUMMY_SCAN',
  'LOGICAL_EXPRESSION_GET',
  'LOGICAL_EMPTY_RESULT',
]);

/** Classes of bound expressions. Lambdas, unnest, and parameters are not among them. */
export const allowedExpressions: ReadonlySet<string> = new Set([
  'BOUND_REF',
  'BOUND_CONSTANT',
  'BOUND_COMPARISON',
  'BOUND_CONJUNCTION',
  'BOUND_OPERATOR',
  'BOUND_BETWEEN',
  'BOUND_CASE',
  'BOUND_CAST',
  'BOUND_FUNCTION',
  'BOUND_AGGREGATE',
  'BOUND_WINDOW',
]);

const arithmetic = ['+', '-', '*', '/', '//', '%', '**', '^', 'add', 'subtract', 'multiply', 'divide', 'mod'];
const numbers = ['abs', 'ceil', 'ceiling', 'floor', 'round', 'round_even', 'trunc', 'sign', 'sqrt', 'cbrt'];
const powers = [
  'exp',
  'ln',
  'log',
  'log10',
  'log2',
  'pow',
  'power',
  'greatest',
  'least',
  'isnan',
  'isfinite',
];
const likes = [
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  'like_escape',
  'not_like_escape',
  'ilike_escape',
  'not_ilike_escape',
];
const matching = [
  ...['contains', 'prefix', 'suffix', 'starts_with', 'ends_with', '^@'],
  ...['~~~', 'regexp_matches', 'regexp_full_match', 'regexp_extract'],
];
const text = [
  ...[
    '||',
    'concat',
    'lower',
    'lcase',
    'upper',
    'ucase',
    'trim',
    'ltrim',
    'rtrim',
    'length',
    'len',
    'strlen',
  ],
  ...[
    'substr',
    'substring',
    'left',
    'right',
    'replace',
    'instr',
    'strpos',
    'position',
    'reverse',
    'split_part',
  ],
];
const dates = [
  ...[
    'year',
    'month',
    'day',
    'quarter',
    'week',
    'isoyear',
    'dayofweek',
    'dayofyear',
    'date_part',
    'datepart',
  ],
  ...['date_trunc', 'datetrunc', 'date_diff', 'datediff', 'date_sub', 'datesub', 'make_date', 'last_day'],
  ...['strftime', 'strptime', 'try_strptime', 'epoch', 'age', 'dayname', 'monthname', 'date_add'],
  // INTERVAL 1 MONTH
  ...['to_years', 'to_quarters', 'to_months', 'to_weeks', 'to_days', 'to_hours', 'to_minutes', 'to_seconds'],
];
/** Pseudonyms are keyed hashes; without the key the function tells nothing that its argument does not. */
const hashes = ['sha256', 'hash', '<<', '>>', '&', 'xor', 'bit_count'];
const nulls = ['ifnull', 'nullif', 'coalesce', 'constant_or_null'];

/** Scalar functions. None reads a file, a setting, an environment variable, a catalog or a clock. */
export const allowedFunctions: ReadonlySet<string> = new Set([
  ...arithmetic,
  ...numbers,
  ...powers,
  ...likes,
  ...matching,
  ...text,
  ...dates,
  ...nulls,
  ...hashes,
]);

/** Aggregate and window functions. */
export const allowedAggregates: ReadonlySet<string> = new Set([
  ...[
    'count',
    'count_star',
    'count_if',
    'sum',
    'fsum',
    'sum_no_overflow',
    'avg',
    'mean',
    'favg',
    'min',
    'max',
  ],
  ...[
    'bit_or',
    'var_samp',
    'var_pop',
    'variance',
    'stddev',
    'stddev_samp',
    'stddev_pop',
    'median',
    'mode',
    'first',
  ],
  ...['any_value', 'arg_min', 'arg_max'],
  ...['bool_and', 'bool_or', 'corr', 'covar_pop', 'covar_samp', 'quantile_cont', 'quantile_disc'],
  ...['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead', 'first_value'],
  ...['last_value', 'nth_value'],
]);

/**
 * The one error that DuckDB itself puts into a plan: a scalar sub-select with several rows. `error()` with any other
 * text is a requester's own and refused.
 */
export const scalarSubSelectError = `More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row.

Use "SET scalar_subquery_error_on_multiple_rows=false" to revert to previous behavior of returning a random row.`;
