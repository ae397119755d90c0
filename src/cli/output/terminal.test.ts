import { expect, it } from 'vitest';
import { openTerminal } from './terminal.js';

const stream = (isTTY: boolean, columns?: number) => ({
  write: () => true,
  isTTY,
  ...(columns === undefined ? {} : { columns }),
});

it.each([
  ['a terminal', true, {}, '\u001b[31mx\u001b[39m'],
  ['a pipe', false, {}, 'x'],
  ['NO_COLOR', true, { NO_COLOR: '1' }, 'x'],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, '\u001b[31mx\u001b[39m'],
  ['a dumb terminal', true, { TERM: 'dumb' }, 'x'],
])('colours by %s', (_name, isTTY, env, expected) => {
  expect(openTerminal(stream(isTTY), stream(false), env).paint('bad', 'x')).toBe(expected);
});

it('keeps lines to a width that can be read', () => {
  const width = (columns?: number) => openTerminal(stream(true, columns), stream(true), {}).width;
  expect([width(), width(20), width(90), width(400)]).toEqual([110, 60, 90, 110]);
});
