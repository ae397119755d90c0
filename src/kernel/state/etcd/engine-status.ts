import type { EngineMember, EngineStatus } from '../state.js';
import type { MemberListResponse, StatusResponse } from './messages.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';

// A member that does not answer must not hold up the rest.
const patienceMs = 1_500;

/** What there is to say of the cluster: each endpoint is asked itself, as only it knows how far it is. */
export async function readEngineStatus(store: EtcdStore): Promise<EngineStatus> {
  const { connection, identity, cluster, keys } = store;
  const { members } = await connection.call(api.members, {});
  const asked = await Promise.all(
    connection.addresses.map(async (address) => ({
      address,
      status: await connection
        .askOnly(address, api.status, {}, patienceMs)
        // That it does not answer is what there is to say.
        .catch(() => undefined),
    })),
  );
  const answered = asked.flatMap(({ status }) => (status === undefined ? [] : [status]));
  const newest = Math.max(0, ...answered.map(({ raftIndex }) => Number(raftIndex)));
  return {
    name: 'etcd',
    version: answered[0]?.version ?? '',
    cluster: BigInt(cluster).toString(16),
    identity,
    prefix: keys.prefix,
    databaseBytes: Math.max(0, ...answered.map(({ dbSize }) => Number(dbSize))),
    alarms: [...new Set(answered.flatMap(({ errors }) => errors))],
    members: asked.map(({ address, status }) => memberOf(address, status, members, newest)),
  };
}

function memberOf(
  address: string,
  status: StatusResponse | undefined,
  members: MemberListResponse['members'],
  newest: number,
): EngineMember {
  if (status === undefined) return { address, isReachable: false };
  const id = status.header?.memberId;
  const name = members.find((member) => member.id === id)?.name;
  return {
    address,
    isReachable: true,
    ...(name === undefined ? {} : { name }),
    isLeader: status.leader === id,
    behind: Math.max(0, newest - Number(status.raftAppliedIndex)),
  };
}
