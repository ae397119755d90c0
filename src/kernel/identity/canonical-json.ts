import { createHash } from 'node:crypto';

/**
 * JSON with its members in the order of their names (by UTF-16 code units) and without white space, as RFC 8785 has it,
 * so that equal data give equal text. Whatever JSON cannot hold is treated as `JSON.stringify` does: members that are
 * `undefined` are left out, NaN is `null`, so that both ends of a wire hash the same.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

/** SHA-256 over the canonical JSON of `value`, in base64url. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item) ?? 'null').join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return textOf(value.toJSON());
  const members: string[] = [];
  for (const [name, member] of Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const text = textOf(member);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
