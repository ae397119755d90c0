import { describe, expect, it } from 'vitest';
import { agreementDryRun } from './agreement-dry-run.js';
import { applyJob } from './job/index.js';
import type { Agreement, Relation } from './model/index.js';
import { openRelation } from './scenarios/consortium.js';
import { ada, askedAt, decidedQuestion } from './scenarios/decided-question.js';

const online = { VU: true, UVA: true, RUG: true, SURF: true };
const grace = 'grace@university.example';
const { question, composition, catalogue } = decidedQuestion({ dataProviders: ['VU'] });
const jobs = [
  applyJob(undefined, { type: 'create', at: askedAt, id: 'ada-00000001', question, composition }).job,
];

function dryRun(agreement: Agreement | null) {
  return agreementDryRun({
    party: 'VU',
    agreement,
    jobs,
    situation: { catalogue, online, now: askedAt },
  });
}

const relations = (relation: Partial<Relation>, others: Record<string, Relation> = {}): Agreement => ({
  relations: { [ada.id]: { ...openRelation, ...relation }, ...others },
});

describe('agreementDryRun', () => {
  it('says that nothing would change where nothing does', () => {
    expect(dryRun(relations({}))).toEqual({ party: 'VU', users: [], jobs: [], dataSets: [], unknown: [] });
  });

  it('says of each requester what would change, and which jobs would be composed anew', () => {
    const then = dryRun(
      relations(
        {
          output: { form: 'aggregates', minimumGroupSize: 25 },
          dataSets: {
            wageGap: { columns: { Personen: ['Unieknr', 'Geslacht', 'Peildat'], Aanstellingen: '*' } },
          },
        },
        { [grace]: openRelation },
      ),
    );
    expect(then.users).toMatchObject([
      {
        user: ada.id,
        change: 'changed',
        effects: [
          'Data sets: wageGap: Aanstellingen (all columns), Personen (Geslacht, Peildat, Unieknr); now: wageGap: Aanstellingen (all columns), Personen (all columns).',
          'What may leave: figures over groups of 25 or more; now: figures over groups of 10 or more.',
        ],
      },
      { user: grace, change: 'added' },
    ]);
    expect(then.jobs).toEqual([
      {
        job: 'ada-00000001',
        user: ada.id,
        becomes: 'recomposed',
        why: 'VU changed what may leave to groups of 25 or more, from groups of 10 or more and the columns (agreement version 2)',
      },
    ]);
    expect(then.dataSets).toEqual([
      {
        name: 'wageGap',
        effects: [
          `${ada.id} could use other columns (Aanstellingen: all; Personen: Geslacht, Peildat, Unieknr; now: Aanstellingen: all; Personen: all).`,
          `${grace} could ask of it (Aanstellingen: all; Personen: all).`,
        ],
      },
    ]);
  });

  it('says which jobs would be revoked by a denial, and by a removal of the agreement', () => {
    const denied = dryRun({ ...relations({}), denied: { [ada.id]: 'The project is over.' } });
    expect(denied.users).toEqual([
      { user: ada.id, change: 'removed', effects: ['Nothing could be asked any more.'] },
    ]);
    expect(denied.jobs).toMatchObject([
      { becomes: 'revoked', why: expect.stringContaining('The project is over.') },
    ]);
    expect(dryRun(null).jobs).toMatchObject([{ becomes: 'revoked' }]);
    expect(dryRun(null).dataSets).toEqual([
      { name: 'wageGap', effects: [`${ada.id} could not ask of it any more.`] },
    ]);
  });

  it('says what allows nothing, since it is not configured', () => {
    const { unknown, jobs: touched } = dryRun(relations({ archetypes: ['computeToData', 'teleport'] }));
    expect(unknown).toEqual([expect.stringContaining('there is no archetype teleport')]);
    expect(dryRun(relations({ archetypes: ['computeToData'] })).jobs).toEqual(touched);
    expect(dryRun(null).unknown).toEqual([]);
  });

  it('refuses a party that there is not', () => {
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    };
    const unknown = { party: 'VUB', agreement: null, jobs, situation: { catalogue, online, now: askedAt } };
    expect(code(() => agreementDryRun(unknown))).toMatchObject({ code: 'unknown-party' });
  });
});
