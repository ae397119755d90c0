import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { World } from './scenarios/world.js';

type Move =
  | { readonly act: 'want'; readonly desired: number }
  | { readonly act: 'restart' | 'ready' | 'alive' | 'end' | 'look-again' }
  | { readonly act: 'advance'; readonly ms: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ act: fc.constant('want' as const), desired: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ act: fc.constantFrom('restart', 'ready', 'alive', 'end', 'look-again') }),
  fc.record({ act: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
);

function perform(world: World, one: Move, index: number): void {
  const { instances, goal } = world;
  const chosen = instances[index % Math.max(1, instances.length)];
  switch (one.act) {
    case 'want':
      world.goal = { ...goal, desired: one.desired };
      return;
    case 'restart':
      world.goal = { ...goal, generation: goal.generation + 1 };
      return;
    case 'advance':
      world.now += one.ms;
      return;
    case 'look-again':
      world.now = world.lookAgainAt ?? world.now;
      return;
    case 'ready':
    case 'alive':
      if (chosen !== undefined && chosen.state !== 'ended') world[one.act](chosen.id);
      return;
    case 'end':
      if (chosen !== undefined && chosen.state !== 'ended') world.end(chosen.id);
  }
}

describe('decide, whatever happens', () => {
  it('has one instance to a slot, starts none that is not wanted, and comes to what is wanted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(move, fc.nat()), { maxLength: 60 }), (moves) => {
        const world = new World();
        world.goal = { ...world.goal, heartbeatMs: 20_000 };
        for (const [one, index] of moves) {
          const before = new Map(world.instances.map((instance) => [instance.slot, instance]));
          perform(world, one, index);
          for (const action of world.settle()) {
            if (action.do !== 'start') continue;
            expect(action.slot).toBeLessThan(world.goal.desired);
            const earlier = world.instances.filter(({ slot }) => slot === action.slot);
            expect(earlier).toHaveLength(1);
            const replaced = before.get(action.slot);
            // a slot that waits for its back-off is not started before
            if (replaced?.state === 'ended' && replaced.generation === world.goal.generation) {
              expect(world.now).toBeGreaterThanOrEqual(replaced.retryAt);
            }
          }
          const slots = world.instances.map(({ slot }) => slot);
          expect(new Set(slots).size).toBe(slots.length);
        }

        // from here on every process does as it is told
        for (let round = 0; round < 50; round += 1) {
          for (const { id, state, killed } of world.instances) {
            if (state === 'draining' || killed) world.end(id);
            else if (state === 'starting') world.ready(id);
            else if (state === 'ready') world.alive(id);
          }
          world.now = Math.min(world.lookAgainAt ?? world.now, world.now + 10_000);
          world.settle();
        }
        const { desired, generation } = world.goal;
        const there = world.instances.map((one) => ({ ...one }));
        expect(there.map(({ state }) => state)).toEqual(Array(desired).fill('ready'));
        expect(there.every((one) => one.generation === generation)).toBe(true);
        expect(there.map(({ slot }) => slot).sort()).toEqual([...Array(desired).keys()]);
      }),
      { numRuns: 500 },
    );
  });

  it('never takes more than one ready instance away at a time for a restart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.array(fc.nat(), { maxLength: 40 }), (desired, picks) => {
        const world = new World();
        world.goal = { ...world.goal, desired };
        world.settle();
        for (const { id } of world.instances) world.ready(id);
        world.goal = { ...world.goal, generation: 2 };
        world.settle();
        for (const pick of picks) {
          const one = world.instances[pick % desired];
          if (one?.state === 'draining') world.end(one.id);
          if (one?.state === 'starting') world.ready(one.id);
          world.settle();
          const serving = world.instances.filter(({ state }) => state === 'ready');
          expect(serving.length).toBeGreaterThanOrEqual(desired - 1);
        }
      }),
    );
  });
});
