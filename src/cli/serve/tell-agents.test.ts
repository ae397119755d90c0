import { expect, it } from 'vitest';
import type { GatewayNews } from '../../kernel/gateways/index.js';
import type { Agent } from '../../systems/exchange/index.js';
import { tellAgents } from './tell-agents.js';

it('tells which agents are connected whenever that changes, and nothing of what else an agent says', () => {
  const online = new Map([
    ['VU', true],
    ['UVA', false],
  ]);
  const told: GatewayNews[] = [];
  let change = () => {};
  const stop = tellAgents(
    {
      all: () => [...online].map(([party, online]) => ({ party, status: () => ({ online }) }) as Agent),
      onChange: (listener) => {
        change = listener;
        return () => {
          change = () => {};
        };
      },
    },
    { tell: (news) => told.push(news) },
  );
  online.set('UVA', true);
  change();
  change();
  online.set('VU', false);
  change();
  stop();
  online.set('UVA', false);
  change();
  expect(told).toEqual([{ agents: ['VU'] }, { agents: ['UVA', 'VU'] }, { agents: ['UVA'] }]);
});
