import { describe, expect, it } from 'vitest';
import { missingAgents } from './missing-agents.js';

const one = { url: 'https://g1.example', agents: ['UVA', 'VU'] };

describe('agents that a gateway lacks', () => {
  it('are told with the gateways that have them and those that do not', () => {
    const warnings = missingAgents([one, { url: 'https://g2.example', agents: ['UVA'] }]);
    expect(warnings).toEqual([
      {
        code: 'provider-unavailable',
        party: 'VU',
        message: expect.stringContaining('connected to https://g1.example and not to https://g2.example:'),
      },
    ]);
  });

  it('are none where all have the same, where no gateway has one, and of one that has not said', () => {
    expect(missingAgents([])).toEqual([]);
    expect(missingAgents([one, { ...one, url: 'https://g2.example' }])).toEqual([]);
    expect(missingAgents([one, { url: 'https://g2.example' }])).toEqual([]);
  });
});
