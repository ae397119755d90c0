/** Decimals that are shown at most. */
const mostDecimals = 6;

/** Decimals that `value` needs, at most six. */
function decimalsOf(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return 0;
  const text = value.toFixed(mostDecimals).replace(/0+$/, '');
  return text.length - text.indexOf('.') - 1;
}

const plainNotation = (value: number): boolean =>
  value === 0 || !Number.isFinite(value) || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15);

/**
 * Numbers of one column as texts, with as many decimals as the one that needs most, at most six: so the points stand
 * below each other. Very small and very large numbers are written with an exponent.
 */
export function numberTexts(values: readonly number[]): string[] {
  const decimals = Math.max(0, ...values.filter(plainNotation).map(decimalsOf));
  return values.map((value) =>
    plainNotation(value) ? value.toFixed(Number.isFinite(value) ? decimals : 0) : exponentText(value),
  );
}

function exponentText(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(mostDecimals - 1).split('e');
  return `${digits.replace(/\.?0+$/, '')}e${exponent.replace('+', '')}`;
}

/** `1,234,567`, for counts in sentences. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `2 rows`. The plural is given where it is not the singular and an s. */
export function amountText(count: number, singular: string, plural = `${singular}s`): string {
  return `${countText(count)} ${count === 1 ? singular : plural}`;
}

/** Bytes in decimal units, as in `214 bytes`, `1.2 kB`, `34 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return amountText(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (unit + 1 < units.length && (unit === -1 || value >= 999.5)) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** A duration in the unit that reads best: `0.4 ms`, `42 ms`, `3.1 s`, `2 min 5 s`, `3 h 0 min`. */
export function durationText(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-01-31 12:00:05 UTC` for milliseconds since 1970 or an ISO 8601 text; another text stays as it is. */
export function timeText(time: number | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `VU, UVA and RUG`. */
export function listText(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
