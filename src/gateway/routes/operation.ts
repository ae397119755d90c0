import { z } from 'zod';
import type { GatewayApp, Services } from '../app.js';
import { json, operation } from '../operation.js';
import { healthSchema } from '../schemas/status.js';

/** `/healthz`, `/readyz` and `/metrics`: for whoever keeps the process running. */
export function operationRoutes(app: GatewayApp, { health, telemetry }: Services): void {
  app.get(
    '/healthz',
    {
      schema: operation({
        id: 'readLiveness',
        tag: 'Operation',
        summary: 'Whether the process lives',
        access: 'anyone',
        description:
          'Answers as long as the process does. It says nothing of whether it can work: see `/readyz`.',
        answers: { 200: json('It lives.', healthSchema) },
      }),
    },
    async () => ({ status: 'ok', checks: [] }),
  );

  app.get(
    '/readyz',
    {
      schema: operation({
        id: 'readReadiness',
        tag: 'Operation',
        summary: 'Whether the process can do its work',
        access: 'anyone',
        description: 'Runs every check. Where one fails the status is 503, and the body says which and why.',
        answers: { 200: json('It can.', healthSchema), 503: json('It cannot.', healthSchema) },
      }),
    },
    async (_request, reply) => {
      const report = await health.report();
      return reply.status(report.status === 'ok' ? 200 : 503).send(report);
    },
  );

  app.get(
    '/metrics',
    {
      schema: operation({
        id: 'readMetrics',
        tag: 'Operation',
        summary: 'Metrics for Prometheus',
        access: ['operator'],
        answers: {
          200: {
            description: 'All metrics of this process, in the Prometheus text format.',
            content: { 'text/plain': { schema: z.string() } },
          },
        },
      }),
    },
    async (_request, reply) =>
      reply.header('content-type', telemetry.metrics.contentType).send(await telemetry.metrics.text()),
  );
}
