import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Consortium, parties } from './consortium.js';
import { auditVerdicts } from './consortium-audit.js';
import { filesWithBytes } from './files-with-bytes.js';
import { missingForNetwork } from './network.js';
import type { Ended } from './process.js';

/** Milliseconds: each command is a process that starts, and machines are busy with other things. */
const patience = 240_000;

const missing = await missingForNetwork();
if (missing !== undefined) console.log(`Faults of machines are not tested: ${missing}.`);

/** What one provider, or all together, released: figures by group, without what changes from request to request. */
interface Figures {
  readonly providers: readonly string[];
  readonly rows: readonly unknown[];
  readonly error?: { readonly code: string };
}

const questions = {
  own: ['ask', '--json', '--providers', 'VU,UVA', '--archetype', 'computeToData'],
  merged: ['ask', '--json', '--providers', 'VU,UVA', '--archetype', 'federatedAggregate'],
  rows: ['ask', '--json', '--providers', 'VU,UVA', '--archetype', 'dataThroughTtp'],
  // one answer of those who are there, named by its providers
  partial: ['ask', '--json', '--providers', 'VU,UVA', '--archetype', 'dataThroughTtp', '--allow-partial'],
  partialMerge: [
    'ask',
    '--json',
    '--providers',
    'VU,UVA',
    '--archetype',
    'federatedAggregate',
    '--allow-partial',
  ],
};

/** Codes that say that a machine or process was not there. Anything else would be a fault of its own. */
const absences = [
  'provider-unavailable',
  'run-died',
  'gateway-unreachable',
  'shutting-down',
  'request-refused',
  'no-common-archetype',
];

function results({ output }: Ended): readonly Figures[] {
  return (JSON.parse(output) as { results: readonly Figures[] }).results;
}

function codeOf({ errors, output }: Ended): string {
  const text = errors.includes('"code"') ? errors : output;
  return /"code":\s*"([a-z-]+)"/.exec(text)?.[1] ?? `none in: ${errors} ${output}`;
}

describe.skipIf(missing !== undefined)('a consortium on five machines', () => {
  let consortium: Consortium;
  /** What is right, by the providers that it comes from. */
  const right = new Map<string, readonly unknown[]>();

  /** Holds an ending to its promise: every figure is right, and what is not there says why. */
  function holds(ended: Ended): void {
    if (ended.status !== 0) {
      expect(absences).toContain(codeOf(ended));
      return;
    }
    for (const { providers, rows, error } of results(ended)) {
      if (error === undefined) expect(rows).toEqual(right.get(providers.join()));
      else expect(absences).toContain(error.code);
    }
  }

  async function answersAll(): Promise<void> {
    for (const words of Object.values(questions)) {
      const ended = await consortium.at(words);
      expect([ended.status, ended.errors]).toEqual([0, expect.any(String)]);
      for (const { providers, rows } of results(ended)) {
        expect(rows).toEqual(right.get(providers.join()));
      }
    }
  }

  const received = () => join(consortium.path('SURF'), 'received');

  /** What is received lasts as long as its order, and no longer than its agent. */
  async function noRowsLeft(): Promise<void> {
    expect(await readdir(received())).toEqual([]);
  }

  /** Asks all questions, and does `fault` as soon as the first was taken. */
  async function during(fault: () => Promise<void>): Promise<void> {
    const taken = consortium.asked();
    const asked = Object.values(questions).map((words) => consortium.at(words));
    await taken;
    await fault();
    for (const ended of await Promise.all(asked)) holds(ended);
  }

  beforeAll(async () => {
    consortium = await Consortium.open();
    for (const words of Object.values(questions)) {
      const ended = await consortium.at(words);
      expect([ended.status, ended.errors]).toEqual([0, expect.any(String)]);
      for (const { providers, rows } of results(ended)) right.set(providers.join(), rows);
    }
    expect([...right.keys()].sort()).toEqual(['UVA', 'UVA,VU', 'VU']);
  }, patience);

  afterAll(() => consortium?.close(), 30_000);

  for (const party of parties) {
    it(
      `answers rightly or says what is missing when ${party} is killed, and answers all when it is back`,
      async () => {
        await during(() => consortium.kill(party));
        holds(await consortium.at(questions.own));
        holds(await consortium.at(questions.merged));
        holds(await consortium.at(questions.rows));
        holds(await consortium.at(questions.partial));
        await consortium.start(party);
        await answersAll();
        await noRowsLeft();
      },
      patience,
    );
  }

  it(
    'answers rightly or says what is missing when the gateway is killed, and agents find it again',
    async () => {
      await during(() => consortium.kill('gateway'));
      const back = parties.map((party) => consortium.connected(party));
      await consortium.start('gateway');
      await Promise.all(back);
      await answersAll();
    },
    patience,
  );

  it(
    'answers rightly or says what is missing when an agent is cut off, and answers all when it is back',
    async () => {
      await during(() => consortium.machine('VU').cut());
      holds(await consortium.at(questions.own));
      const back = consortium.connected('VU');
      await consortium.machine('VU').heal();
      await back;
      await answersAll();
    },
    patience,
  );

  it(
    'waits through a short cut, and answers',
    async () => {
      await during(async () => {
        await consortium.machine('UVA').cut();
        await consortium.machine('UVA').heal();
      });
      await answersAll();
    },
    patience,
  );

  for (const [late, early] of [
    ['VU', 'UVA'],
    ['UVA', 'VU'],
  ] as const) {
    it(
      `gives the same figures where the rows of ${late} come long after those of ${early}`,
      async () => {
        await consortium.machine(late).slow();
        const ended = await consortium.at(questions.rows);
        await consortium.machine(late).fast();
        expect([ended.status, ended.errors]).toEqual([0, expect.any(String)]);
        expect(results(ended).map(({ rows }) => rows)).toEqual([right.get('UVA,VU')]);
      },
      patience,
    );
  }

  /** Asks, and kills `party` while rows of VU are on their way to the third party, and those of UVA have come. */
  async function killedWhileRowsFlow(party: 'VU' | 'SURF', words: readonly string[]): Promise<Ended> {
    await consortium.machine('VU').slow();
    try {
      const flowing = filesWithBytes(received(), 2);
      const asked = consortium.at(words);
      await Promise.race([flowing, asked]);
      await consortium.kill(party);
      await consortium.machine('VU').fast();
      return await asked;
    } catch (error) {
      await consortium.machine('VU').fast();
      throw error;
    }
  }

  it(
    'refuses when a provider is killed while its rows flow',
    async () => {
      const ended = await killedWhileRowsFlow('VU', questions.rows);
      expect(ended.status).not.toBe(0);
      expect(absences).toContain(codeOf(ended));
      await noRowsLeft();
      await consortium.start('VU');
    },
    patience,
  );

  it(
    'answers of the others, where asked to, when a provider is killed while its rows flow',
    async () => {
      const ended = await killedWhileRowsFlow('VU', questions.partial);
      expect([ended.status, ended.errors]).toEqual([0, expect.any(String)]);
      expect(results(ended)).toMatchObject([{ providers: ['UVA'], rows: right.get('UVA') }]);
      await noRowsLeft();
      await consortium.start('VU');
    },
    patience,
  );

  it(
    'says so when the third party is killed while rows flow to it, and forgets them',
    async () => {
      const ended = await killedWhileRowsFlow('SURF', questions.rows);
      expect(ended.status).not.toBe(0);
      expect(absences).toContain(codeOf(ended));
      expect(await readdir(received())).toHaveLength(2);
      await consortium.start('SURF');
      await noRowsLeft();
      await answersAll();
    },
    patience,
  );

  it(
    'leaves audit logs that agree with one another',
    async () => {
      for (const verdict of await auditVerdicts(consortium)) {
        expect(verdict).toMatchObject({ status: 0, errors: '', isSound: true, findings: [] });
        // counterparties have seen the log grow: a cut one would not have passed
        expect(verdict.confirmedTo).toBeGreaterThan(verdict.entries / 2);
      }
    },
    patience,
  );
});
