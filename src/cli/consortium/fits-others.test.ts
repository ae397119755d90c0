import { describe, expect, it } from 'vitest';
import type { GatewayRecord } from '../../kernel/gateways/index.js';
import { assertFitsOthers } from './fits-others.js';

const record = (changes: Partial<GatewayRecord>): GatewayRecord => ({
  id: 'gateway-1',
  url: 'https://g1.example:8443',
  publicUrl: 'https://starling.example',
  version: '0.1.0',
  startedAt: '2026-01-31T12:00:00.000Z',
  ...changes,
});
const other = record({ id: 'gateway-2', url: 'https://g2.example:8443' });

describe('a gateway beside others', () => {
  it('fits where people reach them at the same address, and it fits where there is none', () => {
    expect(assertFitsOthers(record({}), [other])).toBeUndefined();
    expect(assertFitsOthers(record({ alone: 'its queue is embedded' }), [])).toBeUndefined();
  });

  it.each([
    [record({ alone: 'its queue is embedded' }), other, 'this one has to be the only one: its queue'],
    [
      record({}),
      record({ alone: 'it runs the agents' }),
      'that one has to be the only one: it runs the agents',
    ],
    [record({ publicUrl: 'https://other.example' }), other, 'Give every gateway the same --public-url'],
  ])('is refused where it does not', (self, there, why) => {
    expect(() => assertFitsOthers(self, [there])).toThrow(
      expect.objectContaining({ code: 'configuration-invalid', message: expect.stringContaining(why) }),
    );
  });
});
