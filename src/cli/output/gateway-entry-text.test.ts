import { describe, expect, it } from 'vitest';
import { gatewayEntryText } from './gateway-entry-text.js';

const asked = { algorithm: { name: 'average', column: 'Salschal', groupBy: ['Geslacht'] }, statement: 'abc' };

describe('an entry of the gateway’s own log', () => {
  it('tells what was asked and decided, and of whom', () => {
    const decisions = [
      { provider: 'UVA', approved: true, agreement: 'x' },
      { provider: 'VU', approved: false, reasons: ['no-relation', 'columns'] },
    ];
    const orders = ['r-1/UVA/dataProvider'];
    const approved = { ...asked, decisions, archetype: 'computeToData', orders };
    expect(gatewayEntryText('request-approved', approved)).toBe(
      'asked: average of Salschal by Geslacht; UVA allows it, VU refuses (no-relation, columns); as computeToData, r-1/UVA/dataProvider',
    );
    const parts = [{ archetype: 'computeToData', providers: ['UVA'] }];
    const again = gatewayEntryText('request-approved', { ...approved, archetype: undefined, parts });
    expect(again).toBe(gatewayEntryText('request-approved', approved));
    const mixed = [...parts, { archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['VU'] }];
    expect(gatewayEntryText('request-approved', { ...approved, parts: mixed })).toContain(
      '; as computeToData of UVA and as federatedAggregate of VU, ',
    );
    const refused = { statement: 'abc', algorithm: null, decisions, code: 'request-refused' };
    expect(gatewayEntryText('request-refused', refused)).toBe(
      'asked: a statement, hash abc; refused: request-refused; UVA allows it, VU refuses (no-relation, columns)',
    );
  });

  it.each([
    ['request-answered', { request: 'r-1' }, 'answered: r-1'],
    ['request-failed', { request: 'r-1', code: 'run-died' }, 'ended without an answer: r-1, run-died'],
    [
      'order-ended',
      { party: 'VU', outcome: 'released', order: 'o', released: 'h' },
      'VU released: o, hash h',
    ],
    ['order-ended', { party: 'VU', outcome: 'refused', order: 'o' }, 'VU refused: o'],
    ['answer-read', { request: 'r-1', format: 'csv', by: 'ada' }, 'answer read: r-1 as csv, by ada'],
    ['answer-erased', { request: 'r-1' }, 'answer erased: r-1'],
    ['job-recomposed', { job: 'j', cause: 'VU withdrew it' }, 'job j composed anew: VU withdrew it'],
    ['job-revoked', { job: 'j', cause: 'it is over', by: 'olga' }, 'job j revoked: it is over, by olga'],
    ['user-removed', { user: 'ada', cause: 'It ended', by: 'olga' }, 'removed: It ended, by olga'],
    ['user-admitted', { user: 'ada' }, 'admitted again'],
    ['configuration-changed', { kind: 'parties', name: 'TNO', hash: 'h' }, 'changed in parties: TNO'],
    ['configuration-changed', { kind: 'parties', name: 'TNO', hash: null }, 'removed in parties: TNO'],
    [
      'agreement-taken',
      { party: 'VU', version: 2, agreement: null, by: 'carl', unknown: ['one', 'two'] },
      'agreement of VU taken, version 2, which allows nothing, by carl; of it allows nothing: one; two',
    ],
  ])('%s', (type, data, text) => {
    expect(gatewayEntryText(type, data)).toBe(text);
  });

  it('of another log is left to others', () => {
    expect(gatewayEntryText('released', {})).toBeUndefined();
  });
});
