import type { Tasks } from '../../../systems/tasks/index.js';
import type { GatewayApp, Services } from '../../app.js';
import { filterRoute } from './filters.js';
import { progressRoutes } from './progress.js';
import { resumableUploadRoutes } from './resumable-uploads.js';
import { taskFileRoutes } from './task-files.js';
import { taskRoutes } from './tasks.js';
import { readForms, uploadRoute } from './upload.js';
import { readRawBodies, resultRoute, workerRoutes } from './worker.js';

/** Everything about tasks; where bodies are read in another way than everywhere else, the routes stand apart. */
export function allTaskRoutes(app: GatewayApp, services: Services, tasks: Tasks): void {
  app.register(async (apart: GatewayApp) => {
    await readForms(apart);
    uploadRoute(apart, services, tasks);
  });
  progressRoutes(app, services, tasks);
  workerRoutes(app, services, tasks);
  taskRoutes(app, tasks);
  taskFileRoutes(app, services, tasks);
  app.register(async (apart: GatewayApp) => {
    readRawBodies(apart);
    resultRoute(apart, tasks);
    resumableUploadRoutes(apart, tasks);
  });
  filterRoute(app);
}
