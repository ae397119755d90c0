// Errors as plain data: their code, and whether what was asked for was surely not done.

/** Codes that say that nothing was done, whoever says so. */
const refusals = new Set([
  'revision-conflict',
  'lease-lapsed',
  'not-found',
  'input-invalid',
  'input-too-large',
  'queue-full',
  'storage-full',
]);

export function plainError(thrown) {
  const code = thrown?.code ?? 'no-code';
  const isRefused = refusals.has(code) || thrown?.details?.outcome === 'not-done';
  return { code, message: String(thrown?.message ?? thrown), isRefused };
}
