import { describe, expect, it } from 'vitest';
import { describeDurability, isAtLeast } from './durability.js';

describe('what is said of the durability', () => {
  it('of one server of Debian', () => {
    expect(describeDurability({ version: '2.9.10', replicas: 1 })).toBe(
      'Acknowledged means written by the one server that has it (NATS JetStream 2.9.10), and synced within two minutes: a power cut at that server may lose the last of it.',
    );
  });

  it('of three current servers', () => {
    expect(describeDurability({ version: '2.12.2', replicas: 3 })).toBe(
      'Acknowledged means written by most of the 3 servers that keep it (NATS JetStream 2.12.2), and synced within two minutes, or at once where all servers have sync_interval: always: only a power cut at most of them at once may lose the last of it.',
    );
  });
});

describe('a version', () => {
  it.each([
    ['2.9.10', false],
    ['2.10.0', true],
    ['2.11.0-RC.1', true],
    ['3.0.0', true],
  ])('%s is 2.10 or later: %s', (version, answer) => {
    expect(isAtLeast(version, 2, 10)).toBe(answer);
  });
});
