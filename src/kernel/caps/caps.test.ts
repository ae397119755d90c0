import { describe, expect, it } from 'vitest';
import { cappedCommand, missingCaps, noCaps, probeCaps } from './caps.js';

const caps = {
  dataMegabytes: 1_500,
  cpuSeconds: 240,
  processes: 64,
  fileMegabytes: 0,
  noNetwork: true,
} as const;
const all = { limits: true, endsWithParent: true, noNetwork: true };

describe('cappedCommand', () => {
  it('puts the program under every cap that there is', () => {
    const { command, args } = cappedCommand(all, caps, ['node', 'child.js']);
    expect([command, ...args].join(' ')).toBe(
      'unshare --map-root-user --net -- prlimit --data=1500000000 --cpu=240 --fsize=0 --core=0 --nproc=64 -- ' +
        'setpriv --pdeathsig KILL --no-new-privs -- node child.js',
    );
  });

  it('counts processes only where no others of the user are counted along', () => {
    const { args } = cappedCommand({ ...all, noNetwork: false }, caps, ['node']);
    expect(args.some((word) => word.startsWith('--nproc'))).toBe(false);
    expect(args).toContain('--fsize=0');
  });

  it('leaves alone what has no cap', () => {
    const { command, args } = cappedCommand(all, { dataMegabytes: 100 }, ['node']);
    expect([command, ...args].join(' ')).toBe(
      'prlimit --data=100000000 --core=0 -- setpriv --pdeathsig KILL --no-new-privs -- node',
    );
  });

  it('is the program itself where there is none', () => {
    expect(cappedCommand(noCaps, caps, ['node', 'x'])).toEqual({ command: 'node', args: ['x'] });
  });
});

describe('probeCaps', () => {
  it('finds none on a system without them', async () => {
    expect(await probeCaps('darwin')).toEqual(noCaps);
  });
});

describe('missingCaps', () => {
  it('says what is weaker, in a sentence each', () => {
    expect(missingCaps(all)).toEqual([]);
    const said = missingCaps(noCaps);
    expect(said.map((sentence) => /\((\w+) is/.exec(sentence)?.[1])).toEqual([
      'prlimit',
      'setpriv',
      'unshare',
    ]);
  });
});
