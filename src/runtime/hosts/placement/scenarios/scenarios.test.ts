import { parse } from 'yaml';
import { describeScenarios } from '../../../../kernel/scenario-files/describe-scenarios.js';
import type { Block } from '../../../../kernel/scenario-files/parse-scenario.js';
import type { PlacedInstance, PresentHost } from '../place.js';
import { World } from './world.js';

/** Carries out one command; the log is where everything is then. */
function run(world: World, { command, words, body }: Block): string {
  const isMeant = ({ service, slot }: PlacedInstance) =>
    words.length === 0 || words.includes(`${service}/${slot}`);
  switch (command) {
    case 'services':
      world.services = Object.entries(
        parse(body) as Record<string, { desired: number; generation?: number }>,
      ).map(([name, wanted]) => ({ name, generation: 1, ...wanted }));
      break;
    case 'hosts':
      world.hosts = Object.entries(parse(body) as Record<string, number>).map(([name, capacity]) => ({
        name,
        capacity,
        standing: 'open',
      }));
      break;
    case 'host':
      world.hosts = [
        ...world.hosts.filter(({ name }) => name !== words[0]),
        { capacity: 8, standing: 'open', ...parse(body), name: words[0] } as PresentHost,
      ];
      break;
    case 'gone':
      world.hosts = world.hosts.filter(({ name }) => !words.includes(name));
      break;
    case 'ready':
    case 'fails':
      world.becomeReady(isMeant, command === 'ready');
      break;
    case 'ends':
      world.end();
      break;
    default:
      throw new Error(`there is no command ${command}`);
  }
  const { assignments, unplaced } = world.settle();
  const hosts = [...new Set(world.hosts.map(({ name }) => name))].sort();
  const lines = hosts.map((host) => {
    const held = assignments.filter((one) => one.host === host).map((one) => slotText(world, one));
    const ending = world.instances
      .filter((one) => one.host === host && !world.isAssigned(one))
      .map(({ service, slot }) => `(${service}/${slot} ends)`);
    return `${host}: ${[...held, ...ending].join(' ') || 'nothing'}`;
  });
  const waiting = unplaced.map(({ service, slot, because }) => `${service}/${slot} has no place: ${because}`);
  return [...lines, ...waiting].join('\n') || 'nothing';
}

function slotText(world: World, { host, service, slot, generation }: Omit<PlacedInstance, 'ready'>): string {
  const instance = world.instances.find(
    (one) => one.host === host && one.service === service && one.slot === slot,
  );
  const name = instance?.ready === true ? service.toUpperCase() : service;
  return `${name}/${slot}${generation === 1 ? '' : `@${generation}`}`;
}

describeScenarios(new URL('.', import.meta.url), () => new World(), run);
