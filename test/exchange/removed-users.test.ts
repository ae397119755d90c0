import { rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { ada, openTestConsortium, type TestConsortium } from './test-consortium.js';

let test: TestConsortium;
afterEach(() => rm(test.folder, { recursive: true, force: true }));

const operator = { person: { id: 'olga@surf.example', roles: ['operator' as const] } };

it('a person who is removed loses every job and may ask nothing, also after a restart, until admitted', async () => {
  test = await openTestConsortium();
  const { exchange } = test.consortium;
  const first = await test.ask({ dataProviders: ['VU'] });
  const running = await exchange.ask({
    user: ada,
    dataProviders: ['VU'],
    query:
      'SELECT a.Geslacht, a.Unieknr, b.Salschal FROM Personen a, Aanstellingen b, Personen c WHERE a.Unieknr = b.Unieknr',
    algorithm: { name: 'average', column: 'Salschal', groupBy: ['Geslacht'] },
  });
  const { by } = await exchange.removeUser(ada.id, 'her appointment ended', operator);
  expect(by).toBe(operator.person.id);
  const stopped = await running.ended;
  expect(stopped.state).toBe('failed');
  for (const job of [first.job, stopped.job]) {
    expect(await exchange.job(job ?? '')).toMatchObject({
      state: 'revoked',
      ended: { because: `${ada.id} was removed: her appointment ended` },
    });
  }
  await expect(exchange.followUp(first.job ?? '', { user: ada })).rejects.toMatchObject({
    code: 'job-ended',
  });
  await test.stop();

  test = await openTestConsortium({ folder: test.folder });
  const again = test.consortium.exchange;
  expect(again.removedUsers()).toMatchObject([{ user: ada.id, by: operator.person.id }]);
  const refused = await test.ask({ dataProviders: ['VU'] });
  expect([refused.state, refused.decisions[0]]).toMatchObject([
    'refused',
    { approved: false, reasons: [{ code: 'user-removed' }] },
  ]);
  await again.admitUser(ada.id, operator);
  expect((await test.ask({ dataProviders: ['VU'] })).state).toBe('answered');
  const { items } = await test.consortium.audit.page({ limit: 1_000 });
  expect(items.filter(({ type }) => type.startsWith('user-'))).toMatchObject([
    { type: 'user-removed', data: { user: ada.id, cause: 'her appointment ended', by } },
    { type: 'user-admitted', data: { user: ada.id, by } },
  ]);
  await test.stop();
});
