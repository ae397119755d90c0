/** What Node is started with, in a process or a thread, as paths below `src/` and `dist/` without their endings. */
export const programs = [
  'cli/main',
  'runtime/hosts/host/watchdog-child',
  'systems/exchange/agent/sample-worker',
  'systems/exchange/data/import/import-child',
  'systems/exchange/runs/child',
  'systems/tasks/worker/photo-worker',
];

/**
 * Libraries that become part of the programs: those that a start loads from dozens of files. What has native parts, looks
 * for files of its own beside itself, or is loaded only where it is used stays where it is installed.
 */
export const bundledLibraries = [
  '@datadog/sketches-js',
  '@duckdb/node-api',
  '@fastify/multipart',
  '@fastify/swagger',
  '@opentelemetry/api',
  'commander',
  'fastify',
  'fastify-type-provider-zod',
  'jose',
  'pino',
  'prom-client',
  'tinyqueue',
  'ws',
  'yaml',
  'zod',
];

/** Of what these libraries need, what has native parts. */
export const nativeLibraries = ['@duckdb/node-bindings'];
