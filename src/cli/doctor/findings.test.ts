import { describe, expect, it } from 'vitest';
import { plain } from '../output/paint.js';
import { doctorPage, overall } from './doctor.js';
import {
  judgeCaps,
  judgeDisk,
  judgeFolder,
  judgeLibrary,
  judgeNode,
  judgePlatform,
  judgePort,
} from './findings.js';

it.each([
  ['v18.20.0', 'failed'],
  ['v20.18.3', 'failed'],
  ['v20.19.0', 'ok'],
  ['v21.7.0', 'failed'],
  ['v22.11.0', 'failed'],
  ['v22.12.0', 'ok'],
  ['v24.0.0', 'ok'],
])('judges Node %s as %s', (version, verdict) => {
  expect(judgeNode(version).verdict).toBe(verdict);
});

it('judges operating systems', () => {
  const systems = ['linux', 'darwin', 'win32', 'freebsd'] as const;
  expect(systems.map((system) => judgePlatform(system, 'x64').verdict)).toEqual([
    'ok',
    'weaker',
    'failed',
    'failed',
  ]);
});

it('judges free disk', () => {
  expect([1e8, 1e9, 5e9].map((free) => judgeDisk(free, '.').verdict)).toEqual(['failed', 'weaker', 'ok']);
});

it('takes a port and folder that a gateway uses for good, and those of others for bad', () => {
  expect((['nobody', 'gateway', 'other'] as const).map((holder) => judgePort(1, holder).verdict)).toEqual([
    'ok',
    'ok',
    'failed',
  ]);
  expect([true, false].map((runs) => judgeFolder('d', 'in use', runs).verdict)).toEqual(['ok', 'failed']);
  expect(judgeFolder('d', { unusable: 'It is a file.' }, false)).toEqual({
    what: 'data folder',
    verdict: 'failed',
    message: 'd cannot be used: It is a file. Use another folder with --data.',
  });
});

describe('doctorPage', () => {
  const findings = [
    judgeLibrary('LMDB', undefined),
    judgePort(8080, 'nobody'),
    judgeCaps(['Runs are not cut off from the network.']),
  ];

  it('is a table with the sum of all', () => {
    expect(doctorPage(findings, { paint: plain, width: 80 })).toMatchInlineSnapshot(`
      "LMDB          ok      loads and works
      port 8080     ok      free
      caps on runs  weaker  Runs are not cut off from the network.
                            Install util-linux (prlimit, setpriv, unshare) and allow
                            user namespaces, or run Starling as root.

      Starling runs here; what is weaker is said above."
    `);
  });

  it('goes by the worst finding', () => {
    expect(overall(findings.slice(0, 2))).toBe('ok');
    expect(overall(findings)).toBe('weaker');
    expect(overall([...findings, judgeNode('v1.0.0')])).toBe('failed');
  });
});
