/** One line that an instance wrote. */
export interface LogLine {
  /** Grows by 1 with each line of the service. */
  readonly sequence: number;
  /** When it was read: ISO 8601, UTC. */
  readonly time: string;
  readonly service: string;
  readonly instance: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Which lines of a service are wanted; by default all that are kept. */
export interface LogQuery {
  /** Only those after this sequence. */
  readonly after?: number;
  /** Only so many, the newest. */
  readonly last?: number;
  /** Only of this instance. */
  readonly instance?: string;
  /** Goes on with what is written from now on, until the signal. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}
