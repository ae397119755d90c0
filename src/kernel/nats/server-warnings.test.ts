import { expect, it } from 'vitest';
import { warnOfServers } from './server-warnings.js';

const one = {
  servers: ['h1:4222'],
  version: '2.9.10',
  replicas: 3,
  identity: 'one',
  durability: 'Written by most.',
  maxPayload: 1_048_576,
};

function listen() {
  const heard: string[] = [];
  return {
    heard,
    logger: {
      info: () => {},
      warn: (_: unknown, message: string) => void heard.push(message),
      error: () => {},
    },
  };
}

it('An operator is warned of a store once, by whatever connects to it', () => {
  const { heard, logger } = listen();
  warnOfServers(logger, one);
  warnOfServers(logger, one);
  expect(heard).toEqual([
    'acknowledged does not mean synced',
    'clusters before 2.12 were seen to lose messages when servers were killed',
    'the largest messages will be refused by NATS',
  ]);
  warnOfServers(logger, { ...one, identity: 'other', version: '2.12.2', maxPayload: 2_097_152 });
  expect(heard.slice(3)).toEqual(['acknowledged does not mean synced']);
});

it('Each logger is told', () => {
  const [first, second] = [listen(), listen()];
  for (const { logger } of [first, second])
    warnOfServers(logger, { ...one, replicas: 1, maxPayload: 2_097_152 });
  expect([first.heard, second.heard]).toEqual([
    ['acknowledged does not mean synced'],
    ['acknowledged does not mean synced'],
  ]);
});
