import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assignment, type PresentHost, place, type Situation } from './place.js';
import { World } from './scenarios/world.js';

const hostNames = ['a', 'b', 'c', 'd'];
const host: fc.Arbitrary<PresentHost> = fc.record({
  name: fc.constantFrom(...hostNames),
  capacity: fc.integer({ min: 0, max: 6 }),
  standing: fc.constantFrom('open', 'open', 'drained', 'leaving'),
});

type Move =
  | { readonly act: 'want'; readonly name: string; readonly desired: number }
  | { readonly act: 'restart'; readonly name: string }
  | { readonly act: 'host'; readonly host: PresentHost }
  | { readonly act: 'gone'; readonly name: string }
  | { readonly act: 'ready' | 'fails'; readonly slot: number }
  | { readonly act: 'end' };

const service = fc.constantFrom('web', 'worker');
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ act: fc.constant('want' as const), name: service, desired: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ act: fc.constant('restart' as const), name: service }),
  fc.record({ act: fc.constant('host' as const), host }),
  fc.record({ act: fc.constant('gone' as const), name: fc.constantFrom(...hostNames) }),
  fc.record({
    act: fc.constantFrom('ready' as const, 'fails' as const),
    slot: fc.integer({ min: 0, max: 8 }),
  }),
  fc.record({ act: fc.constant('end' as const) }),
);

function perform(world: World, one: Move): void {
  const wanted = (name: string) =>
    world.services.find((each) => each.name === name) ?? { name, desired: 0, generation: 1 };
  const want = (changed: ReturnType<typeof wanted>) => {
    world.services = [...world.services.filter(({ name }) => name !== changed.name), changed];
  };
  if (one.act === 'want') want({ ...wanted(one.name), desired: one.desired });
  else if (one.act === 'restart') want({ ...wanted(one.name), generation: wanted(one.name).generation + 1 });
  else if (one.act === 'host')
    world.hosts = [...world.hosts.filter(({ name }) => name !== one.host.name), one.host];
  else if (one.act === 'gone') world.hosts = world.hosts.filter(({ name }) => name !== one.name);
  else if (one.act === 'end') world.end();
  else world.becomeReady(({ slot }) => slot === one.slot, one.act === 'ready');
}

/** The places of a host that are taken, by what it is to keep and by what has not ended. */
function taken(
  { assignments, instances }: Pick<Situation, 'assignments' | 'instances'>,
  name: string,
): number {
  const there = [...assignments, ...instances].filter((one) => one.host === name);
  return new Set(there.map((one) => `${one.service}/${one.slot}`)).size;
}

const moves = fc.array(move, { maxLength: 60 });

describe('place, whatever happens', () => {
  it('takes no place twice, gives no slot to two open hosts, and says of each slot where it is or why nowhere', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const world = new World();
        for (const one of list) {
          perform(world, one);
          const before = new Map(world.hosts.map(({ name }) => [name, taken(world, name)]));
          const { assignments, unplaced } = world.settle();
          const open = new Set(
            world.hosts.flatMap(({ name, standing }) => (standing === 'open' ? [name] : [])),
          );
          for (const { name, capacity } of world.hosts)
            expect(taken(world, name)).toBeLessThanOrEqual(Math.max(capacity, before.get(name) ?? 0));
          for (const { name, desired } of world.services) {
            for (let slot = 0; slot < desired; slot += 1) {
              const isMeant = (each: { service: string; slot: number }) =>
                each.service === name && each.slot === slot;
              const holders = assignments.filter(isMeant);
              expect(holders.filter((each) => open.has(each.host)).length).toBeLessThanOrEqual(1);
              expect(unplaced.filter(isMeant)).toHaveLength(holders.length === 0 ? 1 : 0);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves what is on an open host where it is, and gives the same answer again', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const world = new World();
        for (const one of list) {
          perform(world, one);
          const { assignments: before, services, hosts } = world;
          const isSettled = (each: Assignment) =>
            hosts.some(({ name, standing }) => name === each.host && standing === 'open') &&
            services.some(({ name, desired }) => name === each.service && each.slot < desired);
          const situation: Situation = { ...world };
          expect(place(situation)).toEqual(place(structuredClone(situation)));
          const { assignments: after } = world.settle();
          // but for one of two, where a host that was drained is open again
          for (const { generation: _, ...place } of before.filter(isSettled))
            if (
              before.filter((each) => each.service === place.service && each.slot === place.slot).length === 1
            )
              expect(after).toContainEqual(expect.objectContaining(place));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('spreads each service evenly over hosts that have room', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
        (hosts, wanted) => {
          const services = wanted.map((desired, index) => ({ name: `s${index}`, desired, generation: 1 }));
          const open = hostNames
            .slice(0, hosts)
            .map((name) => ({ name, capacity: 100, standing: 'open' as const }));
          const { assignments, unplaced } = place({ services, hosts: open, assignments: [], instances: [] });
          expect(unplaced).toEqual([]);
          for (const { name } of services) {
            const counts = open.map(
              (each) => assignments.filter((one) => one.host === each.name && one.service === name).length,
            );
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('empties every host that is drained, never taking a ready instance away before another is ready', () => {
    fc.assert(
      fc.property(moves, fc.constantFrom(...hostNames), (list, drained) => {
        const world = new World();
        for (const one of list) {
          perform(world, one);
          world.settle();
        }
        world.hosts = hostNames.map((name) => ({
          name,
          capacity: 100,
          standing: name === drained ? 'drained' : 'open',
        }));
        const serving = () =>
          new Set(world.instances.filter((one) => one.ready).map((one) => `${one.service}/${one.slot}`));
        world.settle();
        world.becomeReady(() => true, true);
        for (let round = 0; round < 60; round += 1) {
          const before = serving();
          world.settle();
          const isOldest = world.services.every(({ generation }) => generation === 1);
          if (isOldest) expect(serving()).toEqual(before);
          world.becomeReady(() => true, true);
          world.end();
        }
        expect(world.assignments.filter(({ host: name }) => name === drained)).toEqual([]);
        const count = world.services.reduce((sum, { desired }) => sum + desired, 0);
        expect(world.instances).toHaveLength(count);
        expect(world.instances.every(({ ready }) => ready)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('never takes more than one serving instance away at a time for a new generation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
        (desired, picks) => {
          const world = new World();
          world.hosts = hostNames.map((name) => ({ name, capacity: 4, standing: 'open' }));
          world.services = [{ name: 'web', desired, generation: 1 }];
          world.settle();
          world.becomeReady(() => true, true);
          world.services = [{ name: 'web', desired, generation: 2 }];
          for (const pick of picks) {
            world.settle();
            world.becomeReady(({ slot }) => slot === pick, true);
            expect(world.instances.filter(({ ready }) => ready).length).toBeGreaterThanOrEqual(desired - 1);
          }
        },
      ),
    );
  });
});
