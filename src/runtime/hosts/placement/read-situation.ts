import type { Entry, State } from '../../../kernel/state/index.js';
import { entriesUnder } from '../../entries-under.js';
import { instancesPrefix, servicesPrefix } from '../../registry.js';
import type { InstanceRecord, ServiceRecord } from '../../service.js';
import {
  type AssignmentsRecord,
  assignmentsPrefix,
  type HostRecord,
  type HostSettings,
  hostSettingsPrefix,
  hostsPrefix,
} from '../records.js';
import type { PresentHost, Situation } from './place.js';

/** Where everything is in the state that placement goes by. */
export const situationPrefixes: readonly string[] = [
  servicesPrefix,
  hostsPrefix,
  hostSettingsPrefix,
  assignmentsPrefix,
  instancesPrefix,
];

/** The situation as the state has it, with the revisions of what was assigned, by host. */
export async function readSituation(
  state: Pick<State, 'list'>,
): Promise<{ readonly situation: Situation; readonly revisions: ReadonlyMap<string, number> }> {
  const [services, hosts, settings, assignments, instances] = await Promise.all(
    situationPrefixes.map((prefix) => entriesUnder(state, prefix)),
  );
  const said = new Map(
    settings?.map(({ key, value }) => [
      key.slice(hostSettingsPrefix.length),
      value as unknown as HostSettings,
    ]),
  );
  const hostOf = ({ key }: Entry) => key.slice(assignmentsPrefix.length);
  return {
    revisions: new Map(assignments?.map((entry) => [hostOf(entry), entry.modRevision])),
    situation: {
      services: (services ?? []).map(({ value }) => {
        const { declaration, desired, generation } = value as unknown as ServiceRecord;
        return { name: declaration.name, desired, generation };
      }),
      hosts: (hosts ?? []).map(({ value }) => {
        const host = value as unknown as HostRecord;
        return { name: host.name, capacity: host.capacity, standing: standingOf(host, said.get(host.name)) };
      }),
      assignments: (assignments ?? []).flatMap((entry) =>
        (entry.value as unknown as AssignmentsRecord).slots.map((slot) => ({ ...slot, host: hostOf(entry) })),
      ),
      instances: (instances ?? []).flatMap(({ value }) => {
        const { host, service, slot, generation, state: doing } = value as unknown as InstanceRecord;
        return doing === 'ended' ? [] : [{ host, service, slot, generation, ready: doing === 'ready' }];
      }),
    },
  };
}

function standingOf(host: HostRecord, settings: HostSettings | undefined): PresentHost['standing'] {
  if (host.leaving === true || host.removed === true) return 'leaving';
  return settings?.drained === true ? 'drained' : 'open';
}
