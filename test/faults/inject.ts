import type { Fault, FaultKind } from '../lab/schedule.js';
import type { ServerMachine } from '../servers/started-server.js';
import type { Machine } from './network.js';

/** Something of a run that faults can hit; what it has not cannot be hit. */
export interface Target {
  readonly name: string;
  /** What it is one of, where reports tell faults of these from others, as in `kill worker`. */
  readonly group?: string;
  readonly machine: ServerMachine | Machine;
  readonly process: {
    readonly pid: number;
    kill(): Promise<void>;
    /** As an operator would. */
    stop?(): Promise<void>;
    /** Resolves when it works again. */
    restart(): Promise<void>;
  };
  /** Addresses of those that it works with, and can be cut off from while others reach it. */
  readonly peers?: readonly string[];
  readonly disk?: { fill(): Promise<void>; free(): Promise<void> };
  /** The most that its engine stores. */
  readonly quota?: { fill(): Promise<void>; free(): Promise<void> };
  /** Turns the clock of the wall by so many milliseconds from what is right. */
  readonly clock?: { turn(milliseconds: number): Promise<void> };
}

/** How much of what comes is lost, and how long packets take, where they are hindered. */
const lossShare = 0.3;
const delayMs = 60;
/** The clock is turned by an hour, forth or back. */
const turnMs = 3_600_000;

/** Whether a fault of a kind can hit a target. */
export function canHit(kind: FaultKind, target: Target): boolean {
  const { machine, peers, disk, quota, clock } = target;
  if (kind === 'restart') return target.process.stop !== undefined;
  if (kind === 'fill disk') return disk !== undefined;
  if (kind === 'fill quota') return quota !== undefined;
  if (kind === 'turn clock') return clock !== undefined;
  if (kind === 'cut from servers') return 'cut' in machine && peers !== undefined;
  return kind === 'kill' || kind === 'stop' || 'cut' in machine;
}

/** Makes a fault come; resolves with what heals it. */
export async function inject({ kind, target: share }: Fault, target: Target): Promise<() => Promise<void>> {
  const { process: hit, disk, quota, clock, peers = [] } = target;
  const machine = () => {
    if ('cut' in target.machine) return target.machine;
    throw new Error(`${target.name} has no link that ${kind} could come to.`);
  };
  switch (kind) {
    case 'kill':
      await hit.kill();
      return () => hit.restart();
    case 'restart':
      await hit.stop?.();
      return () => hit.restart();
    case 'stop': {
      const { pid } = hit;
      process.kill(pid, 'SIGSTOP');
      return async () => void process.kill(pid, 'SIGCONT');
    }
    case 'cut':
      await machine().cut();
      return () => machine().heal();
    case 'cut from servers':
      await machine().cutFrom(peers);
      return () => machine().dropNothing();
    case 'lose packets':
      await machine().lose(lossShare);
      return () => machine().dropNothing();
    case 'delay':
      await machine().delay(delayMs);
      return () => machine().delay(0);
    case 'fill disk':
      await disk?.fill();
      return async () => disk?.free();
    case 'fill quota':
      await quota?.fill();
      return async () => quota?.free();
    case 'turn clock':
      await clock?.turn(share < 0.5 ? turnMs : -turnMs);
      return async () => clock?.turn(0);
  }
}
