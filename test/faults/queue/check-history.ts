import type { Problem } from '../../lab/report.js';
import type { Delivered, Finishing, Publishing, QueueHistory } from './history.js';

/** All that is known of one message. */
interface Message {
  readonly body: string;
  readonly publishings: Publishing[];
  readonly deliveries: Delivered[];
  readonly finishings: Finishing[];
}

/** Everything that is wrong with a history of a queue; nothing where every promise was kept. */
export function checkHistory(history: QueueHistory): Problem[] {
  const messages = messagesOf(history);
  return [
    ...checkGone(messages, history),
    ...messages.flatMap((message) => checkMessage(message, history)),
    ...checkDead(history, new Map(messages.map((message) => [message.body, message]))),
    ...checkCapacity(history),
  ];
}

function messagesOf({ publishings, deliveries, finishings }: QueueHistory): Message[] {
  const messages = new Map<string, Message>();
  const of = (body: string): Message => {
    const message = messages.get(body) ?? { body, publishings: [], deliveries: [], finishings: [] };
    messages.set(body, message);
    return message;
  };
  for (const each of publishings) of(each.body).publishings.push(each);
  for (const each of deliveries) of(each.body).deliveries.push(each);
  for (const each of finishings) of(each.body).finishings.push(each);
  return [...messages.values()];
}

/** What was published is done at the end, or dead, or among those that somebody still has. */
function checkGone(messages: readonly Message[], { dead, left }: QueueHistory): Problem[] {
  const isDead = new Set(dead.map(({ body }) => body));
  const gone = messages.filter(
    ({ body, publishings, finishings }) =>
      !isDead.has(body) &&
      publishings.some(({ ending }) => ending === 'acknowledged') &&
      !finishings.some(({ ending }) => ending === 'acknowledged' || ending === 'unknown'),
  );
  if (gone.length <= left) return [];
  return gone.map((message) => ({
    kind: 'lost',
    text: `${message.body} was published, and is gone without having been done:\n${storyOf(message)}`,
  }));
}

function checkMessage(message: Message, { dead, rules }: QueueHistory): Problem[] {
  const { body, publishings, deliveries, finishings } = message;
  const problems: Problem[] = [];
  const tell = (kind: Problem['kind'], what: string) =>
    problems.push({ kind, text: `${body} ${what}:\n${storyOf(message)}` });
  const ended = (how: Finishing['how'], ending: Finishing['ending']) =>
    finishings.filter((one) => one.how === how && one.ending === ending);
  const acknowledged = publishings.filter(({ ending }) => ending === 'acknowledged');
  const isPublished = publishings.some(({ ending }) => ending === 'acknowledged' || ending === 'unknown');
  const isDead = dead.some((one) => one.body === body);
  if (!isPublished && deliveries.length > 0) tell('wrong', 'was delivered, and never published');
  const places = new Set([
    ...acknowledged.map(({ sequence }) => sequence),
    ...deliveries.map(({ sequence }) => sequence),
  ]);
  if (places.size > 1) tell('doubled', `has the places ${[...places].join(' and ')} in the queue`);
  const done = ended('ack', 'acknowledged');
  const finished = [...done, ...ended('reject', 'acknowledged')];
  const late = deliveries.find(({ calledAt }) => finished.some(({ at }) => at < calledAt));
  if (late !== undefined) tell('doubled', 'was delivered after it had been finished');
  if (rules.refusesLateAck && finished.length > 1)
    tell('doubled', 'was finished by several, who were all told so');
  if (done.length > 0 && isDead) tell('doubled', 'was done, and is a dead letter');
  if (ended('reject', 'acknowledged').length > 0 && done.length === 0 && !isDead)
    tell('lost', 'was rejected, and is no dead letter');
  return problems;
}

/** Only what was rejected, or delivered as often as is allowed, is a dead letter, and once. */
function checkDead({ dead, rules }: QueueHistory, messages: ReadonlyMap<string, Message>): Problem[] {
  const seen = new Set<string>();
  return dead.flatMap(({ body, attempts, reason }): Problem[] => {
    const message = messages.get(body);
    const isTwice = seen.has(body);
    seen.add(body);
    if (message === undefined)
      return [{ kind: 'wrong', text: `${body} is a dead letter, and never was published` }];
    if (isTwice) return [{ kind: 'doubled', text: `${body} is a dead letter twice:\n${storyOf(message)}` }];
    const isRejected = message.finishings.some(({ how, ending }) => how === 'reject' && ending !== 'refused');
    if (isRejected || attempts >= rules.maxDeliveries) return [];
    return [
      {
        kind: 'wrong',
        text: `${body} is a dead letter after ${attempts} deliveries (${reason}):\n${storyOf(message)}`,
      },
    ];
  });
}

/** No more than fit were in the queue at once, as far as answers tell: each from when it surely was in to when it may have left. */
function checkCapacity({ publishings, finishings, deliveries, rules }: QueueHistory): Problem[] {
  const inside = new Map<string, number>();
  for (const { body, at, ending } of publishings)
    if (ending === 'acknowledged') inside.set(body, Math.min(inside.get(body) ?? at, at));
  const left = new Map<string, number>();
  const leave = (body: string, at: number) => left.set(body, Math.min(left.get(body) ?? at, at));
  for (const { body, calledAt, ending } of finishings) if (ending !== 'refused') leave(body, calledAt);
  // it may have become a dead letter as soon as it was delivered for the last time
  for (const { body, calledAt, attempt } of deliveries)
    if (attempt >= rules.maxDeliveries) leave(body, calledAt);
  const changes = [...inside].flatMap(([body, at]) => {
    const until = left.get(body);
    if (until !== undefined && until <= at) return [];
    return until === undefined
      ? [{ at, by: 1 }]
      : [
          { at, by: 1 },
          { at: until, by: -1 },
        ];
  });
  changes.sort((one, other) => one.at - other.at || one.by - other.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  const { capacity, beyond } = rules;
  if (most <= capacity + beyond) return [];
  const bound = beyond === 0 ? capacity : `${capacity} and ${beyond} on their way`;
  return [{ kind: 'wrong', text: `${most} messages were in a queue for ${bound}` }];
}

/** What happened to a message, in the order of time. */
function storyOf({ publishings, deliveries, finishings }: Message): string {
  const told = [
    ...publishings.map((one) => ({ ...one, what: `published as ${one.sequence ?? '?'}` })),
    ...deliveries.map((one) => ({
      ...one,
      what: `delivered as ${one.sequence}, attempt ${one.attempt}`,
      ending: '',
    })),
    ...finishings.map((one) => ({ ...one, what: one.how })),
  ].sort((one, other) => one.calledAt - other.calledAt);
  const origin = told[0]?.calledAt ?? 0;
  const seconds = (at: number) => ((at - origin) / 1_000).toFixed(3);
  return told
    .map(
      ({ calledAt, at, client, what, ending }) =>
        `    ${seconds(calledAt)}–${seconds(at)} ${client} ${what} ${ending}`,
    )
    .join('\n');
}
