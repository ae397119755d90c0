// Ends and removes whatever a run has left, however it ended: processes, network namespaces, mounted disks.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Returns what was left, in sentences: after a run that ended by itself, nothing should be. */
export function cleanUp(run, folder) {
  if (process.platform !== 'linux') return [];
  const left = [];
  for (const pid of processesOf(run)) {
    left.push(`Process ${pid} was still there.`);
    process.kill(pid, 'SIGKILL');
  }
  for (const namespace of namespacesOf(run)) {
    left.push(`The network namespace ${namespace} was still there.`);
    spawnSync('ip', ['netns', 'del', namespace], { stdio: 'inherit' });
  }
  for (const disk of disksIn(folder)) {
    left.push(`The disk ${disk} was still mounted.`);
    spawnSync('umount', ['-l', disk], { stdio: 'inherit' });
  }
  return left;
}

/** Every process of a run has its name in its environment, and whoever it starts. */
function processesOf(run) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(`STARLING_FAULTS_RUN=${run}`))
    .map(Number);
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    // gone between the listing and the reading, or somebody else's
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return [];
    throw error;
  }
}

function namespacesOf(run) {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(`starling-${run}-`));
}

function disksIn(folder) {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
}
