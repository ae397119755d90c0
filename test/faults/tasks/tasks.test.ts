import { longestOutages } from '../../lab/outages.js';
import type { Report } from '../../lab/report.js';
import type { Settings } from '../../lab/settings.js';
import { describeSuite } from '../run-suite.js';
import { checkHistory } from './check-history.js';
import { faultKinds } from './fault-script.js';
import { tasksSettings } from './settings.js';
import { recordTasks } from './tasks-run.js';

const engines = { local: { missing: () => undefined } };

describeSuite({ name: 'tasks', engines, operations: 120, run: tasksRun });

async function tasksRun(settings: Settings, engine: string): Promise<Report> {
  const { history, times } = await recordTasks(tasksSettings(settings));
  const outages = longestOutages(times.faults, times.operatedAt, Math.max(...times.operatedAt));
  const operations = history.uploaded.length + history.progress.ended;
  const givenUp = history.final.filter(({ error }) => error?.code === 'worker-lost').length;
  return {
    ...{ suite: 'tasks', engine, seed: settings.seed, machines: 'on loopback' },
    operations,
    acknowledged: operations - givenUp,
    refused: givenUp,
    // an upload without an answer is sent again, and a worker that had none takes the next task
    unknown: 0,
    faults: faultKinds.flatMap((kind) => {
      const count = times.faults.filter((fault) => fault.kind === kind).length;
      return count === 0 ? [] : [{ kind, count, longestOutageMs: outages.get(kind) ?? 0 }];
    }),
    leftOut: [],
    problems: checkHistory(history),
    totalMs: times.totalMs,
  };
}
