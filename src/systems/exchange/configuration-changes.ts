import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { Agent } from './agent/index.js';
import type { GatewayEntries } from './ask/index.js';
import type { AgreementCopies, CatalogueStore } from './catalogue/index.js';
import type { ChangeObjectOptions, Exchange } from './exchange-api.js';
import type { Agreement } from './model/index.js';

export interface ConfigurationChangesOptions {
  readonly catalogue: CatalogueStore;
  readonly copies: AgreementCopies;
  /** Throws where the party is unknown or has no agent. */
  readonly agentOf: (party: string) => Agent;
  readonly entries: Pick<GatewayEntries, 'configured'>;
}

/**
 * Changes of configuration objects through the API: agreements at the agents that own them, all else in the catalogue and in
 * the gateway's own audit log.
 */
export function configurationChanges(
  options: ConfigurationChangesOptions,
): Pick<Exchange, 'putObject' | 'removeObject'> {
  const { catalogue, entries } = options;
  return {
    async putObject(kind, name, value, changing) {
      if (kind === 'agreements') return changeAgreement(name, value as Agreement, changing, options);
      const by = changing.caller?.person.id;
      const { revision } = await catalogue.put(kind, name, value, catalogueOptions(changing));
      await entries.configured({ kind, name, value, by });
      return revision;
    },
    async removeObject(kind, name, changing) {
      if (kind === 'agreements') {
        await changeAgreement(name, null, changing, options);
        return;
      }
      await catalogue.remove(kind, name, catalogueOptions(changing));
      await entries.configured({ kind, name, by: changing.caller?.person.id });
    },
  };
}

function catalogueOptions({ ifRevision, caller }: ChangeObjectOptions) {
  return {
    ...(ifRevision === undefined ? {} : { ifRevision }),
    ...(caller === undefined ? {} : { changedBy: caller.person.id }),
  };
}

/** The party's agent owns its agreement: here it is a copy, which follows when the agent has acknowledged the change. */
async function changeAgreement(
  party: string,
  agreement: Agreement | null,
  { ifRevision, caller }: ChangeObjectOptions,
  { catalogue, copies, agentOf }: ConfigurationChangesOptions,
): Promise<number> {
  const current = catalogue.current().agreements.get(party);
  const revision = current?.revision ?? 0;
  if (ifRevision !== undefined && ifRevision !== revision) {
    const message = `The agreement of ${party} has revision ${revision}, not ${ifRevision}. Read it again and repeat the change.`;
    throw new StarlingError('revision-conflict', message, { details: { party, revision } });
  }
  const nobody: Caller = { person: { id: 'anybody', roles: [] } };
  const version = ifRevision === undefined ? undefined : current?.version;
  const signed = await agentOf(party).changeAgreement({
    agreement,
    caller: caller ?? nobody,
    ...(version === undefined ? {} : { ifVersion: version }),
  });
  return (await copies.take(signed)).revision;
}
