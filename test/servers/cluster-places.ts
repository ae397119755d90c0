import { freePort } from '../operation/free-port.js';
import { loopback, type ServerMachine } from './started-server.js';

/** Where a member of a cluster is: clients reach it by one port, and the other members by the other. */
export interface ClusterPlace {
  readonly name: string;
  readonly machine: ServerMachine;
  readonly port: number;
  readonly peerPort: number;
}

/** Places for so many members, named by a letter and a number from 1 on; on loopback where there are no machines. */
export function clusterPlaces(
  count: number,
  letter: string,
  machines: readonly ServerMachine[],
): Promise<ClusterPlace[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      name: `${letter}${index + 1}`,
      machine: machines[index] ?? loopback,
      port: await freePort(),
      peerPort: await freePort(),
    })),
  );
}
