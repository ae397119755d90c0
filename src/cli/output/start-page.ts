import type { Paint } from './paint.js';

/** What a process that serves says of itself when it is up: aligned lines, then what of its configuration was kept out. */
export function startPage(
  title: string,
  lines: readonly (readonly [name: string, value: string])[],
  kept: readonly { readonly kind: string; readonly name: string; readonly why: string }[],
  paint: Paint,
): string {
  return [
    paint('heading', title),
    ...lines.map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
    ...kept.map(({ kind, name, why }) => `  ${paint('doubtful', 'kept')}           ${kind} ${name}: ${why}`),
    '',
  ].join('\n');
}
