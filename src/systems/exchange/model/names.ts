import { z } from 'zod';

const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const nameRule =
  'a name starts with a letter, then up to 62 letters, digits, underscores or hyphens; write one that does';

/** The id of a party, such as `VU`: a letter, then up to 62 letters, digits, underscores or hyphens. */
export const partyId = z
  .string()
  .regex(namePattern, nameRule)
  .meta({ examples: ['VU', 'SURF'] });

/** The name of a data set, archetype, step or request type; the same form as a party's id. */
export const objectName = z.string().regex(namePattern, nameRule);

/** The id of a person, often an e-mail address: a letter or digit, then up to 127 letters, digits or `._@+-`. */
export const userId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/,
    'the id of a person starts with a letter or digit, then up to 127 letters, digits or . _ @ + -; write one that does',
  )
  .meta({ examples: ['ada@university.example'] });

/** The name of a table: any text without a dot, a double quote or a control character, at most 128 characters. */
export const tableName = z
  .string()
  .regex(
    /^[^."\p{Cc}]{1,128}$/u,
    'the name of a table has 1 to 128 characters and no dot, double quote or control character',
  );

/** The bare name of a column: any text without a double quote or a control character, at most 128 characters. */
export const bareColumnName = z
  .string()
  .regex(
    /^[^"\p{Cc}]{1,128}$/u,
    'the name of a column has 1 to 128 characters and no double quote or control character',
  );

/** A column with its table, `Table.column`: split at the first dot, so the column's own name may hold dots. */
export const columnName = z
  .string()
  .regex(/^[^."\p{Cc}]{1,128}\.[^"\p{Cc}]{1,128}$/u, 'name a column with its table, as in Personen.Geslacht')
  .meta({ examples: ['Aanstellingen.Salschal'] });

/** The two parts of `Table.column`, split at the first dot; without a dot all is the column. */
export function splitColumn(name: string): { readonly table: string; readonly column: string } {
  const dot = name.indexOf('.');
  return dot === -1
    ? { table: '', column: name }
    : { table: name.slice(0, dot), column: name.slice(dot + 1) };
}
