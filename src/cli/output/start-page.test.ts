import { expect, it } from 'vitest';
import { plain } from './paint.js';
import { startPage } from './start-page.js';

it('tells where a process is reached, and what of its configuration is not in force', () => {
  const lines = [
    ['API', 'https://gateway.example/api/v1'],
    ['Storage', '/var/lib/starling'],
  ] as const;
  const kept = [{ kind: 'agreement', name: 'VU', why: 'a person changed it since' }];
  expect(startPage('The gateway is up', lines, kept, plain)).toBe(
    [
      'The gateway is up',
      '  API            https://gateway.example/api/v1',
      '  Storage        /var/lib/starling',
      '  kept           agreement VU: a person changed it since',
      '',
    ].join('\n'),
  );
});
