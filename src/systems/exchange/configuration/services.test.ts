import { describe, expect, it } from 'vitest';
import { loadConfiguration } from './load.js';

const load = (services: string) =>
  loadConfiguration(`parties:\n  VU: { name: VU, roles: [dataProvider] }\n${services}`, 'f.yaml');

describe('services of a configuration', () => {
  it('have a command, and defaults for all else', () => {
    const { services } = load('services:\n  echo: { command: [node, echo.js] }\n');
    expect(services).toEqual([
      {
        name: 'echo',
        command: ['node', 'echo.js'],
        environment: {},
        replicas: { desired: 1, min: 0, max: 64 },
        limits: { memoryMegabytes: 1024 },
        graceSeconds: 30,
        readiness: 'started',
        startSeconds: 30,
      },
    ]);
    expect(load('')).not.toHaveProperty('services');
  });

  it('are told where they are wrong', () => {
    const services = `services:
  Echo: { command: [node] }
  echo:
    command: [node]
    replicas: { desired: 3, max: 2 }
    environment: { STARLING_URL: here }
    port: 80
`;
    expect(() => load(services)).toThrow(/f\.yaml has 4 errors:/);
    for (const place of [
      /f\.yaml:4:3: services\.Echo: a name of a service/,
      /f\.yaml:7:5: services\.echo\.replicas: give min <= desired <= max/,
      /f\.yaml:8:20: services\.echo\.environment\.STARLING_URL: names that begin with STARLING_/,
      /f\.yaml:9:5: services\.echo\.port: unknown field port/,
    ]) {
      expect(() => load(services)).toThrow(place);
    }
    expect(() => load('services: [echo]\n')).toThrow(/f\.yaml:3:1: services: expected an object/);
  });
});
