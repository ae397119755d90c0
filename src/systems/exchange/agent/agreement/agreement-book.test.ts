import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../../../kernel/audit/index.js';
import { ManualClock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { madeKey } from '../../../../kernel/identity/made-key.js';
import { openLocalState, type State } from '../../../../kernel/state/index.js';
import { type Agreement, agreementHash } from '../../model/index.js';
import { consortium, openRelation, toCatalogue } from '../../scenarios/consortium.js';
import { AgreementBook } from './agreement-book.js';
import { signAgreement, verifySignedAgreement } from './signed-agreement.js';

const key = madeKey();
const steward = 'steward@vu.example';
const declarations = () => toCatalogue(consortium());

let folder: string;
let state: State;
let clock: ManualClock;
let audit: AuditLog;
let book: AgreementBook;

const open = (log = audit) =>
  AgreementBook.open({ party: 'VU', state, key, audit: log, declarations, clock });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-book-'));
  clock = new ManualClock(Date.UTC(2026, 2, 2, 9));
  state = await openLocalState({ folder });
  audit = await openAuditLog({ state, owner: 'VU', key, clock });
  book = await open();
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

const titled = (title: string): Agreement => ({ title, relations: { ada: openRelation } });

/** What the audit log says of agreements. */
async function entered() {
  const { items } = await audit.page({ limit: 100 });
  return items.map(({ type, data }) => [type, data]);
}

describe('an agreement', () => {
  it('is signed, in force, entered and told when its change counts, and there after a restart', async () => {
    expect(book.current()).toBeUndefined();
    const told: number[] = [];
    book.onChange(({ version }) => told.push(version));
    const changed = await book.change({ agreement: titled('One'), ifVersion: 0, changedBy: steward });
    expect(changed).toEqual({
      party: 'VU',
      version: 1,
      agreement: titled('One'),
      signedAt: '2026-03-02T09:00:00.000Z',
      changedBy: steward,
      signed: expect.any(String),
    });
    expect(await verifySignedAgreement(changed, [key.publicKey])).toEqual(changed);
    expect([book.current(), told]).toEqual([changed, [1]]);
    const agreement = agreementHash(titled('One'));
    expect(await entered()).toEqual([['agreement-changed', { version: 1, agreement, by: steward }]]);
    expect((await open()).current()).toEqual(changed);
    expect(await entered()).toHaveLength(1);
  });

  it('keeps every version, also of a removed one', async () => {
    await book.change({ agreement: titled('One'), changedBy: steward });
    await book.change({ agreement: titled('Two'), ifVersion: 1, changedBy: steward });
    const removed = await book.change({ agreement: null, ifVersion: 2, changedBy: steward });
    expect([removed.version, removed.agreement]).toEqual([3, null]);
    const history = await (await open()).history();
    expect(history.map(({ version, agreement }) => [version, agreement?.title])).toEqual([
      [3, undefined],
      [2, 'Two'],
      [1, 'One'],
    ]);
    await expect(book.change({ agreement: null, changedBy: steward })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is changed by one of two who start from the same version', async () => {
    const change = (title: string) =>
      book.change({ agreement: titled(title), ifVersion: 0, changedBy: steward });
    const results = await Promise.allSettled([change('One'), change('Two')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'revision-conflict', details: { version: 1 } } });
    expect(book.current()?.agreement?.title).toBe('One');
  });

  it('is refused where it has another form, or names what the party does not declare', async () => {
    const unfit = { relations: { ada: { ...openRelation, archetypes: ['noSuch'] } } };
    await expect(book.change({ agreement: unfit, changedBy: steward })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('there is no archetype noSuch'),
    });
    const wrong = { relations: 7 } as unknown as Agreement;
    await expect(book.change({ agreement: wrong, changedBy: steward })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    expect([book.current(), await entered()]).toEqual([undefined, []]);
  });

  it('is entered when the book is opened again where a crash kept it out of the log', async () => {
    const full = new StarlingError('storage-full', 'No space.');
    const broken = await open({ ...audit, owner: 'VU', append: () => Promise.reject(full) } as AuditLog);
    await expect(broken.change({ agreement: titled('One'), changedBy: steward })).rejects.toBe(full);
    expect(await entered()).toEqual([]);
    const again = await open();
    expect(again.current()?.version).toBe(1);
    expect((await entered()).map(([type]) => type)).toEqual(['agreement-changed']);
    await again.change({ agreement: titled('Two'), changedBy: steward });
    expect(await entered()).toHaveLength(2);
  });

  it('is entered once, also where a crash came between the entry and the end of the change', async () => {
    const cut = new StarlingError('storage-failed', 'The power went.');
    const remove = state.delete.bind(state);
    state.delete = () => Promise.reject(cut);
    await expect(book.change({ agreement: titled('One'), changedBy: steward })).rejects.toBe(cut);
    state.delete = remove;
    expect((await open()).current()?.version).toBe(1);
    expect(await entered()).toHaveLength(1);
    await (await open()).change({ agreement: titled('Two'), changedBy: steward });
    expect((await entered()).map(([, data]) => data)).toMatchObject([{ version: 1 }, { version: 2 }]);
  });
});

describe('the agreement of the configuration file', () => {
  it('is taken where it is new, changed or gone', async () => {
    expect(await book.applyFile(undefined)).toEqual({ change: 'none' });
    expect(await book.applyFile(titled('One'))).toEqual({ change: 'added' });
    expect(await book.applyFile(titled('One'))).toEqual({ change: 'none' });
    expect(await book.applyFile(titled('Two'))).toEqual({ change: 'changed' });
    expect([book.current()?.version, book.current()?.changedBy]).toEqual([2, undefined]);
    expect(await book.applyFile(undefined)).toEqual({ change: 'removed' });
    expect(book.current()?.agreement).toBeNull();
    expect((await entered()).map(([, data]) => data)).toMatchObject([
      { version: 1, from: 'file' },
      { version: 2, from: 'file' },
      { version: 3, agreement: null, from: 'file' },
    ]);
  });

  it('never overwrites or brings back what a person changed or removed', async () => {
    await book.applyFile(titled('One'));
    await book.change({ agreement: titled('Two'), changedBy: steward });
    const why = `It was changed at its agent by ${steward} at 2026-03-02T09:00:00.000Z; change it there.`;
    expect(await (await open()).applyFile(titled('Three'))).toEqual({ change: 'kept', why });
    expect(await book.applyFile(undefined)).toEqual({ change: 'kept', why });
    await book.change({ agreement: null, changedBy: steward });
    expect(await book.applyFile(titled('One'))).toMatchObject({ change: 'kept' });
    expect(book.current()?.agreement).toBeNull();
  });
});

describe('an agreement that a person changed at the gateway of an earlier version', () => {
  const changedAt = '2026-01-31T12:00:00.000Z';
  const earlier = { agreement: titled('Earlier'), changedAt, changedBy: steward };
  const entry = {
    version: 1,
    agreement: agreementHash(titled('Earlier')),
    by: steward,
    takenOver: changedAt,
  };

  it('is the first version, entered as taken over, and stays when the file says otherwise', async () => {
    expect(await book.takeOver(earlier)).toBe(true);
    expect(book.current()).toMatchObject({ version: 1, agreement: titled('Earlier'), changedBy: steward });
    expect(await book.applyFile(titled('One'))).toMatchObject({ change: 'kept' });
    expect(await entered()).toEqual([['agreement-changed', entry]]);
  });

  it('may be a removal, which the file does not undo, by somebody who is not known', async () => {
    expect(await book.takeOver({ agreement: null, changedAt })).toBe(true);
    expect(await book.applyFile(titled('One'))).toMatchObject({ change: 'kept' });
    expect(book.current()).toMatchObject({ version: 1, agreement: null, changedBy: 'anybody' });
  });

  it('is taken over once, and never over what the book has', async () => {
    await book.takeOver(earlier);
    await book.change({ agreement: titled('Two'), changedBy: steward });
    expect(await (await open()).takeOver(earlier)).toBe(false);
    expect(book.current()?.agreement?.title).toBe('Two');
    expect(await entered()).toHaveLength(2);
  });

  it('is in force as it stands, also where it names what is declared no more', async () => {
    const unfit = { relations: { ada: { ...openRelation, archetypes: ['noSuch'] } } };
    await book.takeOver({ ...earlier, agreement: unfit });
    expect(book.current()?.agreement).toEqual(unfit);
  });

  it('is entered as taken over when the book is opened again, where a crash kept it out of the log', async () => {
    const full = new StarlingError('storage-full', 'No space.');
    const broken = await open({ ...audit, owner: 'VU', append: () => Promise.reject(full) } as AuditLog);
    await expect(broken.takeOver(earlier)).rejects.toBe(full);
    expect(await entered()).toEqual([]);
    await open();
    expect(await entered()).toEqual([['agreement-changed', entry]]);
  });
});

describe('an agreement that somebody shows as a party’s', () => {
  const members = { party: 'VU', version: 1, agreement: titled('One'), signedAt: '2026-03-02T09:00:00Z' };
  const keys = [key.publicKey];

  it('is what was signed, whatever is told beside it', async () => {
    const signed = await signAgreement(members, key);
    const told = { ...signed, agreement: titled('Other'), version: 9 };
    expect(await verifySignedAgreement(told, keys)).toEqual(signed);
  });

  it('is not taken where another signed it, it is another party’s, or it has another form', async () => {
    const refused = { code: 'signature-invalid' };
    const forged = await signAgreement(members, madeKey());
    await expect(verifySignedAgreement(forged, keys)).rejects.toMatchObject(refused);
    const other = await signAgreement({ ...members, party: 'UVA' }, key);
    await expect(verifySignedAgreement({ ...other, party: 'VU' }, keys)).rejects.toThrow(
      'it is the agreement of UVA',
    );
    const signed = await key.sign('starling-agreement+jwt', { ...members, agreement: { relations: 7 } });
    await expect(verifySignedAgreement({ party: 'VU', signed }, keys)).rejects.toMatchObject(refused);
    const asOrder = await key.sign('starling-order+jwt', members);
    await expect(verifySignedAgreement({ party: 'VU', signed: asOrder }, keys)).rejects.toMatchObject(
      refused,
    );
  });
});
