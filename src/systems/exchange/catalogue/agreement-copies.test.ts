import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import type { SignedAgreement } from '../agent/index.js';
import { type MadeEntries, madeEntries } from '../ask/made-entries.js';
import { unknownNames } from '../configuration/index.js';
import type { Agreement } from '../model/index.js';
import { consortium, openRelation } from '../scenarios/consortium.js';
import { ada, askedAt } from '../scenarios/decided-question.js';
import { AgreementCopies } from './agreement-copies.js';
import { type CatalogueStore, openCatalogue } from './open.js';

const runs = { warm: 0, working: 0, waiting: 0, max: 0, queue: 0, finished: 0, refused: 0, residentBytes: 0 };

let folder: string;
let state: State;
let catalogue: CatalogueStore;
let copies: AgreementCopies;
let made: MadeEntries;
let inForce: Map<string, SignedAgreement>;
let tell: () => void;
let warned: Promise<string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-copies-'));
  state = await openLocalState({ folder });
  catalogue = await openCatalogue(state);
  await catalogue.applyConfiguration(consortium(), 'starling.yaml');
  inForce = new Map();
  let warn: (message: string) => void = () => undefined;
  warned = new Promise((resolve) => {
    warn = resolve;
  });
  made = madeEntries();
  copies = new AgreementCopies({
    catalogue,
    directory: {
      all: () => [...inForce].map(([party, agreement]) => agentOf(party, agreement)),
      onChange: (callback) => {
        tell = callback;
        return () => undefined;
      },
    },
    verify: async (given) => {
      if (given.signed !== 'forged') return given;
      throw new StarlingError('signature-invalid', 'It is of somebody else.');
    },
    audit: made.audit,
    clock: new ManualClock(askedAt),
    logger: {
      info: () => undefined,
      warn: (_fields: object, message?: string) => warn(message ?? ''),
      error: () => undefined,
    },
  });
});

afterEach(async () => {
  await copies.close();
  await catalogue.close();
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

function agentOf(party: string, agreement: SignedAgreement) {
  return { party, status: () => ({ party, online: true, dataSets: [], runs, weaknesses: [], agreement }) };
}

function signed(version: number, agreement: Agreement | null, changes: Partial<SignedAgreement> = {}) {
  const signedAt = new Date(askedAt + version).toISOString();
  return { party: 'VU', version, agreement, signedAt, signed: `signature ${version}`, ...changes };
}

const allowing = (changes: Partial<typeof openRelation> = {}): Agreement => ({
  relations: { [ada.id]: { ...openRelation, ...changes } },
});

/** The agreement changes at the agent; resolves when the catalogue has changed. */
async function changed(agreement: SignedAgreement): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    const stop = catalogue.onChange(() => {
      stop();
      resolve();
    });
  });
  inForce.set('VU', agreement);
  tell();
  await heard;
}

const copy = () => catalogue.current().agreements.get('VU');

describe('the copy of an agreement', () => {
  it('is what its agent has in force when the gateway starts, and follows every change and removal', async () => {
    inForce.set('VU', signed(3, allowing()));
    await copies.start();
    expect(copy()).toMatchObject({ source: 'agent', version: 3, value: allowing() });
    await changed(signed(4, allowing({ archetypes: ['computeToData'] })));
    expect(copy()).toMatchObject({ version: 4, value: allowing({ archetypes: ['computeToData'] }) });
    await changed(signed(5, null));
    expect(copy()).toBeUndefined();
    await copies.take(signed(5, null));
    expect(made.entered.map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: 'agreement-taken', data: { party: 'VU', version: 3 } },
      { type: 'agreement-taken', data: { party: 'VU', version: 4 } },
      { type: 'agreement-taken', data: { party: 'VU', version: 5, agreement: null } },
    ]);
  });

  it('is not overtaken by an older one, nor by one that is not signed by its agent', async () => {
    inForce.set('VU', signed(4, allowing()));
    await copies.start();
    await copies.take(signed(3, null));
    expect(copy()?.version).toBe(4);
    await expect(copies.take(signed(5, null, { signed: 'forged' }))).rejects.toMatchObject({
      code: 'signature-invalid',
    });
    expect(copy()?.version).toBe(4);
  });

  it('is taken of an agent that began again, which counts from 1 and says a later time', async () => {
    inForce.set('VU', signed(4, allowing()));
    await copies.start();
    await changed(signed(1, null, { signed: 'anew', signedAt: new Date(askedAt + 1_000).toISOString() }));
    expect(copy()).toBeUndefined();
  });

  it('that names what is not configured is taken all the same, and it is told what allows nothing', async () => {
    inForce.set('VU', signed(1, allowing()));
    await copies.start();
    const wider = allowing({ archetypes: ['computeToData', 'another'] });
    await changed(signed(2, wider));
    expect(copy()?.value).toEqual(wider);
    expect(await warned).toBe('an agreement names what is not configured, which allows nothing');
    const [why] = unknownNames(catalogue.current(), 'VU');
    expect(why).toContain('there is no archetype another');
    expect(made.entered.at(-1)?.data).toMatchObject({ version: 2, unknown: [why] });
    const { federatedAggregate } = consortium().archetypes;
    await catalogue.put('archetypes', 'another', federatedAggregate);
    expect(unknownNames(catalogue.current(), 'VU')).toEqual([]);
  });

  it('is left alone by the configuration file', async () => {
    inForce.set('VU', signed(1, allowing()));
    await copies.start();
    await catalogue.applyConfiguration(consortium({ VU: { relations: {} } }), 'starling.yaml');
    expect(copy()?.version).toBe(1);
  });
});
