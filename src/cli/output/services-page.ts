import type { LogLine } from '../../runtime/index.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { type Paint, plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** A service, as `/api/v1/services` shows it. */
export interface ServiceView {
  readonly name: string;
  readonly replicas: { readonly desired: number; readonly min: number; readonly max: number };
  readonly because: string;
  readonly instances: readonly {
    readonly id: string;
    readonly state: 'starting' | 'ready' | 'draining' | 'ended';
    readonly host: string;
    readonly pid?: number;
    readonly startedAt: string;
    readonly cause?: string;
    readonly retryAt?: string;
    readonly restarts: number;
  }[];
  readonly waiting?: readonly { readonly slot: number; readonly because: string }[];
}

/** Services, and below them their instances, as tables. */
export function servicesPage(services: readonly ServiceView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (services.length === 0) {
    return 'There are no services. They are declared in the configuration, in its section services.';
  }
  const rows = services.map((service): TableCell[] => {
    const { name, replicas, because } = service;
    return [name, countText(service), `${replicas.min} to ${replicas.max}`, because];
  });
  const instances = services.flatMap((service) => service.instances.map((one) => instanceRow(one, paint)));
  const first = table(['service', 'ready', 'range', 'because'], rows, { paint, width });
  const headings = ['instance', 'state', 'host', 'pid', 'since', 'restarts', ''];
  const waiting = services.flatMap(({ name, waiting: slots = [] }) =>
    slots.map(({ slot, because }) => `${name} ${slot} has no place: ${because}`),
  );
  return [
    first,
    ...(instances.length === 0 ? [] : [table(headings, instances, { paint, width })]),
    ...(waiting.length === 0 ? [] : [waiting.map((line) => paint('doubtful', line)).join('\n')]),
  ].join('\n\n');
}

/** `2 of 3`. */
export function countText({ instances, replicas }: Pick<ServiceView, 'instances' | 'replicas'>): string {
  return `${instances.filter(({ state }) => state === 'ready').length} of ${replicas.desired}`;
}

function instanceRow(one: ServiceView['instances'][number], paint: Paint): TableCell[] {
  const tone = { ready: 'good', starting: 'doubtful', draining: 'doubtful', ended: 'bad' } as const;
  const again = one.retryAt === undefined ? '' : `; again at ${timeText(one.retryAt)}`;
  return [
    one.id,
    paint(tone[one.state], one.state),
    one.host,
    one.pid === undefined ? '-' : String(one.pid),
    timeText(one.startedAt),
    String(one.restarts),
    `${one.cause ?? ''}${again}`,
  ];
}

/** A line that an instance wrote, with who wrote it and when. */
export function logLineText({ time, instance, stream, text }: LogLine, paint: Paint = plain): string {
  const mark = stream === 'stderr' ? paint('doubtful', '!') : ' ';
  return `${timeText(time)} ${instance}${mark} ${text}`;
}
