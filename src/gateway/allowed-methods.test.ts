import { describe, expect, it } from 'vitest';
import { allowedMethods } from './allowed-methods.js';

const routes = [
  { method: 'GET', pattern: '/jobs' },
  { method: 'GET', pattern: '/jobs/:id' },
  { method: 'DELETE', pattern: '/jobs/:id' },
  { method: 'POST', pattern: '/jobs/:id/requests' },
  { method: 'GET', pattern: '/static/*' },
];

describe('allowedMethods', () => {
  it.each([
    ['/jobs', ['GET']],
    ['/jobs/a', ['DELETE', 'GET']],
    ['/jobs/a/requests', ['POST']],
    ['/jobs/', []],
    ['/jobs/a/b', []],
    ['/', []],
    ['/static/a/b.css', ['GET']],
    ['/static', []],
  ])('knows those of %s', (path, methods) => {
    expect(allowedMethods(path, routes)).toEqual(methods);
  });
});
