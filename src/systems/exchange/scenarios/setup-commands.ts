import {
  type Agreement,
  assertValid,
  type CatalogueKind,
  catalogueKinds,
  catalogueSchemas,
} from '../model/index.js';
import { argument, type Command, fields } from './command.js';
import { openRelation } from './consortium.js';
import { furtherArchetypes } from './further-archetypes.js';
import type { World } from './world.js';

const putObject =
  (kind: CatalogueKind): Command =>
  (world, words, body) => {
    const name = argument(words, 0);
    world.put(kind, name, assertValid(catalogueSchemas[kind], body, name));
    return [`${name} is configured`];
  };

/** Changes the agreements of providers, given as `VU,UVA`. */
function changeAgreements(
  world: World,
  providers: string,
  change: (agreement: Agreement) => Agreement,
): string[] {
  return providers.split(',').map((provider) => {
    const agreement = world.catalogue.agreements.get(provider)?.value ?? { relations: {} };
    const revision = world.put('agreements', provider, change(agreement));
    return `agreement of ${provider}, revision ${revision}`;
  });
}

const setOnline =
  (online: boolean): Command =>
  (world, words) =>
    words.map((party) => {
      world.online[party] = online;
      return `${party} is ${online ? 'online' : 'offline'}`;
    });

/** Commands that set up what is decided by. */
export const setupCommands: Readonly<Record<string, Command>> = {
  party: putObject('parties'),
  step: putObject('steps'),
  'request-type': putObject('requestTypes'),
  archetype: putObject('archetypes'),

  /** `archetypes NAME…`: those of `archetypes.yaml`. */
  archetypes: (world, words) => {
    const further = furtherArchetypes();
    return words.map((name) => {
      const value = further[name];
      if (value === undefined) throw new Error(`archetypes.yaml has no archetype ${name}.`);
      world.put('archetypes', name, value);
      return `${name} is configured`;
    });
  },

  /** `remove KIND NAME`, such as `remove archetypes computeToData`. */
  remove: (world, words) => {
    const [kind, name] = [argument(words, 0), argument(words, 1)];
    const known = catalogueKinds.find((one) => one === kind);
    if (known === undefined || !world.remove(known, name)) throw new Error(`There is no ${kind} ${name}.`);
    return [`${name} is removed`];
  },

  /** `gone PARTY`: its agent is not merely offline, but not known any more. */
  gone: (world, words) =>
    words.map((party) => {
      delete world.online[party];
      return `${party} has no agent`;
    }),

  /** `relation PROVIDERS USER`: the open relation of the scenarios with the fields of the body in its place. */
  relation: (world, words, body) => {
    const user = argument(words, 1);
    const given = { relations: { [user]: { ...openRelation, ...fields(body) } } };
    const { relations } = assertValid(catalogueSchemas.agreements, given, 'the relation');
    return changeAgreements(world, argument(words, 0), (agreement) => ({
      ...agreement,
      relations: { ...agreement.relations, ...relations },
    }));
  },

  /** `withdraw PROVIDERS USER`: takes the relation out of the agreement. */
  withdraw: (world, words) => {
    const user = argument(words, 1);
    return changeAgreements(world, argument(words, 0), (agreement) => ({
      ...agreement,
      relations: Object.fromEntries(Object.entries(agreement.relations).filter(([id]) => id !== user)),
    }));
  },

  /** `deny PROVIDERS USER`, with the reason as body. */
  deny: (world, words, body) => {
    const user = argument(words, 1);
    return changeAgreements(world, argument(words, 0), (agreement) => ({
      ...agreement,
      denied: { ...agreement.denied, [user]: String(body) },
    }));
  },

  /** `remove-user USER`, with the cause as body: by the operator of the gateway. */
  'remove-user': (world, words, body) => {
    world.removedUsers.set(argument(words, 0), String(body));
    return [`${argument(words, 0)} is removed`];
  },

  /** `admit USER` who was removed. */
  admit: (world, words) => {
    world.removedUsers.delete(argument(words, 0));
    return [`${argument(words, 0)} is admitted again`];
  },

  online: setOnline(true),
  offline: setOnline(false),

  /** `advance 3h`: moves time on by hours. */
  advance: (world, words) => {
    world.now += Number.parseFloat(argument(words, 0)) * 3_600_000;
    return [`it is ${new Date(world.now).toISOString().slice(0, 16).replace('T', ' ')}`];
  },
};
