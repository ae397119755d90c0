/** Whether something is as it should be: `weaker` still works, `failed` does not. */
export type Verdict = 'ok' | 'weaker' | 'failed';

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly verdict: Verdict;
  /** What was found, and where it is not `ok`, what to do. */
  readonly message: string;
}

/** Whether Node has the version that Starling needs: 20.19 or later, or 22.12 or later. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  const message = fits ? version : `${version} does not do. Install 20.19 or later, or 22.12 or later.`;
  return { what: 'Node', verdict: fits ? 'ok' : 'failed', message };
}

/** Whether the operating system is one that Starling runs on. */
export function judgePlatform(platform: NodeJS.Platform, architecture: string): Finding {
  const what = 'system';
  const name = `${platform} ${architecture}`;
  if (platform === 'linux') return { what, verdict: 'ok', message: name };
  if (platform === 'darwin') {
    const message = `${name}: a watchdog stands in for the limits on runs that Linux has.`;
    return { what, verdict: 'weaker', message };
  }
  const advice = platform === 'win32' ? 'Run Starling in WSL2.' : 'Use Linux or macOS.';
  return { what, verdict: 'failed', message: `${name} is not supported. ${advice}` };
}

/** What of the caps on runs is missing; `missing` has a sentence for each, as `missingCaps` gives them. */
export function judgeCaps(missing: readonly string[]): Finding {
  const what = 'caps on runs';
  if (missing.length === 0) {
    return { what, verdict: 'ok', message: 'memory, processor time, files, processes, network' };
  }
  const advice =
    'Install util-linux (prlimit, setpriv, unshare) and allow user namespaces, or run Starling as root.';
  return { what, verdict: 'weaker', message: [...missing, advice].join('\n') };
}

const gigabyte = 1e9;

/** Whether there is room for data; `free` in bytes. Data sets are copied into the data folder once. */
export function judgeDisk(free: number, folder: string): Finding {
  const what = 'free disk';
  const amount = `${(free / gigabyte).toFixed(1)} GB at ${folder}`;
  if (free < 0.2 * gigabyte) {
    const message = `${amount}: too little to import data. Free some, or use another folder with --data.`;
    return { what, verdict: 'failed', message };
  }
  if (free < 2 * gigabyte) {
    const message = `${amount}: enough for small data. An import needs about the size of its files.`;
    return { what, verdict: 'weaker', message };
  }
  return { what, verdict: 'ok', message: amount };
}

/** Who has the port: nobody, a gateway of Starling, or another program. */
export type PortHolder = 'nobody' | 'gateway' | 'other';

/** Whether `starling up` can listen on the port. */
export function judgePort(port: number, holder: PortHolder): Finding {
  const what = `port ${port}`;
  if (holder === 'nobody') return { what, verdict: 'ok', message: 'free' };
  if (holder === 'gateway') return { what, verdict: 'ok', message: 'a gateway of Starling listens there' };
  const message = 'Another program listens there. Stop it, or take another port with `starling up --port`.';
  return { what, verdict: 'failed', message };
}

/** How the data folder was found. */
export type FolderState = 'absent' | 'free' | 'in use' | { readonly unusable: string };

/** Whether `starling up` can keep its data in the folder. */
export function judgeFolder(folder: string, state: FolderState, gatewayRuns: boolean): Finding {
  const what = 'data folder';
  if (state === 'absent') return { what, verdict: 'ok', message: `${folder} can be made` };
  if (state === 'free') return { what, verdict: 'ok', message: `${folder} is free` };
  if (state === 'in use') {
    const by = `${folder} is in use by a process`;
    if (gatewayRuns) return { what, verdict: 'ok', message: `${by}, and a gateway runs` };
    const message = `${by}, and no gateway answers. Stop that process, or use another folder with --data.`;
    return { what, verdict: 'failed', message };
  }
  const message = `${folder} cannot be used: ${state.unusable} Use another folder with --data.`;
  return { what, verdict: 'failed', message };
}

/** Whether a native library loads and works; `failure` is what it failed with. */
export function judgeLibrary(name: string, failure: string | undefined): Finding {
  if (failure === undefined) return { what: name, verdict: 'ok', message: 'loads and works' };
  const message = `${failure}\nInstall Starling again with \`npm ci\`, on a system that ${name} supports (glibc or musl on x64 or arm64, macOS).`;
  return { what: name, verdict: 'failed', message };
}
