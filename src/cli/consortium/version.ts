import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../kernel/child-program/index.js';

/** The version in `package.json`. */
export function packageVersion(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version ?? '0.0.0');
}
