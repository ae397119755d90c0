import { describe, expect, it } from 'vitest';
import { LeaseIds, leaseId, leaseNumber } from './lease-ids.js';

describe('LeaseIds', () => {
  it('makes ids that tell their store and use, within the numbers that etcd has', () => {
    const [one, other] = [new LeaseIds('one'), new LeaseIds('other')];
    for (const use of ['port', 'session'] as const) {
      const id = one.make(use);
      expect(one.isOf(id, use)).toBe(true);
      expect(one.isOf(id, use === 'port' ? 'session' : 'port')).toBe(false);
      expect(other.isOf(id, use)).toBe(false);
      expect(leaseId(leaseNumber(id))).toBe(id);
      expect(BigInt(leaseNumber(id)) < 2n ** 63n).toBe(true);
    }
  });

  it('knows none of what is no id, and no lease by 0', () => {
    for (const id of ['', '0'.repeat(32), 'f'.repeat(16), 'no lease']) {
      expect(new LeaseIds('one').isOf(id, 'port')).toBe(false);
    }
    expect(leaseId('0')).toBeUndefined();
  });
});
