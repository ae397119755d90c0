import { expect, it } from 'vitest';
import { keysPage } from './keys-page.js';

it('tells the own key and those of counterparties', () => {
  const pinned = [{ owner: 'gateway https://g.example', key: 'def', earlier: 2 }];
  expect(keysPage({ owner: 'VU', key: 'abc', rotated: 0, pinned })).toBe(
    [
      '        of                         thumbprint',
      'own     VU                         abc         never rotated',
      'pinned  gateway https://g.example  def         rotated 2 times',
    ].join('\n'),
  );
});
