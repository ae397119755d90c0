import { expect, it } from 'vitest';
import { agreementDryRunPage } from './agreement-dry-run-page.js';

it('says of requesters, live jobs and data sets what would change', () => {
  const page = agreementDryRunPage({
    party: 'VU',
    users: [
      {
        user: 'ada@u.example',
        change: 'changed',
        effects: ['Archetypes: computeToData; now: none.', 'From: any time.'],
      },
      { user: 'bob@u.example', change: 'removed', effects: ['Nothing could be asked any more.'] },
    ],
    jobs: [{ job: 'bob-1', user: 'bob@u.example', becomes: 'revoked', why: 'VU has no relation with bob' }],
    dataSets: [{ name: 'wageGap', effects: ['bob@u.example could not ask of it any more.'] }],
    unknown: ['there is no archetype teleport'],
  });
  expect(page).toBe(
    [
      'Requesters',
      '  ada@u.example  changed  Archetypes: computeToData; now: none.',
      '                          From: any time.',
      '  bob@u.example  removed  Nothing could be asked any more.',
      '',
      'Live jobs',
      '  bob-1  bob@u.example  revoked  VU has no relation with bob',
      '',
      'Data sets',
      '  wageGap  bob@u.example could not ask of it any more.',
      '',
      'Unknown, so that it allows nothing',
      '  there is no archetype teleport',
      '',
      'Nothing was changed.',
    ].join('\n'),
  );
});

it('says that nothing would change', () => {
  expect(agreementDryRunPage({ party: 'VU', users: [], jobs: [], dataSets: [], unknown: [] })).toBe(
    'It would change nothing: the agreement of VU says the same already.\n\nNothing was changed.',
  );
});
