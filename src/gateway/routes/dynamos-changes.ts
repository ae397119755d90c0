import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import {
  type DynamosAgreement,
  type DynamosArchetype,
  type DynamosMicroservice,
  type DynamosRequestType,
  toArchetype,
  toRelation,
  toRequestType,
  toStep,
} from '../../systems/exchange/dynamos/index.js';
import type { Exchange } from '../../systems/exchange/index.js';

/** What DYNAMOS answers where something was written. */
export const okText = {
  description: 'It is written.',
  content: { 'text/plain': { schema: z.literal('OK') } },
} as const;

/** Writes an object in the form of DYNAMOS, which its schema let in, by the path of our own API. */
export type DynamosChange = (given: object, caller: Caller | undefined) => Promise<void>;

/** How objects of each kind are written. Each throws `input-invalid` where Starling has no counterpart of what is asked. */
export function dynamosChanges(
  exchange: Pick<Exchange, 'catalogue' | 'putObject'>,
): Readonly<Record<'archetype' | 'requestType' | 'microservice' | 'agreement', DynamosChange>> {
  const by = (caller: Caller | undefined) => (caller === undefined ? {} : { caller });
  return {
    archetype: async (body, caller) => {
      const given = body as DynamosArchetype;
      const existing = exchange.catalogue().archetypes.get(given.name)?.value;
      await exchange.putObject('archetypes', given.name, toArchetype(given, existing), by(caller));
    },

    requestType: async (body, caller) => {
      const given = body as DynamosRequestType;
      const { steps } = exchange.catalogue();
      const optional = Object.entries(given.optionalServices);
      for (const service of [...given.requiredServices, ...optional.map(([name]) => name)]) {
        if (!steps.has(service)) throw refused(`request type ${given.name}`, noStep(service, steps.keys()));
      }
      for (const [service, option] of optional) {
        const own = steps.get(service)?.value.option;
        if (own === option) continue;
        const why = `step ${service} has the option ${own ?? 'none'}, and not ${option}. Use that, or change the step at /api/v1/steps/${service}`;
        throw refused(`request type ${given.name}`, why);
      }
      const value = toRequestType(given, (name) => steps.get(name)?.value);
      if (value.required.length === 0)
        throw refused(`request type ${given.name}`, 'it requires no service, so that nothing would run');
      await exchange.putObject('requestTypes', given.name, value, by(caller));
    },

    microservice: async (body, caller) => {
      const given = body as DynamosMicroservice;
      const { steps } = exchange.catalogue();
      const unknown = given.allowedOutputs.find((output) => !steps.has(output));
      if (unknown !== undefined) throw refused(`microservice ${given.name}`, noStep(unknown, steps.keys()));
      const step = toStep(given, (name) => steps.has(name), steps.get(given.name)?.value);
      if (step === undefined) throw refused(`microservice ${given.name}`, noStep(given.name, steps.keys()));
      await exchange.putObject('steps', given.name, step, by(caller));
    },

    agreement: async (body, caller) => {
      const given = body as DynamosAgreement;
      const { agreements, archetypes, requestTypes, dataSets } = exchange.catalogue();
      const existing = agreements.get(given.name)?.value;
      const relations = Object.keys(given.relations).flatMap((user) => {
        const relation = toRelation(
          given,
          user,
          {
            known: {
              archetypes: (name) => archetypes.has(name),
              requestTypes: (name) => requestTypes.has(name),
            },
            tablesOf: (name) => {
              const dataSet = dataSets.get(name)?.value;
              return dataSet === undefined ? undefined : Object.keys(dataSet.tables);
            },
          },
          existing?.relations[user],
        );
        return relation === undefined ? [] : [[user, relation]];
      });
      const value = { ...existing, relations: Object.fromEntries(relations) };
      await exchange.putObject('agreements', given.name, value, by(caller));
    },
  };
}

function refused(what: string, why: string): StarlingError {
  return new StarlingError('input-invalid', `The ${what} is not taken: ${why}.`);
}

function noStep(name: string, known: Iterable<string>): string {
  return `there is no step ${name}; known: ${[...known].sort().join(', ')}`;
}
