import { type ServiceDeclaration, serviceNameSchema, serviceSchema } from '../../../runtime/service.js';
import { type Issue, validate } from '../model/index.js';

/** Reads the section `services` of a configuration; every fault in it is added to `issues`. */
export function readServices(section: unknown, issues: Issue[]): ServiceDeclaration[] | undefined {
  if (section === undefined) return undefined;
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    issues.push({ path: ['services'], message: 'expected an object with one entry per name', at: 'key' });
    return [];
  }
  return Object.entries(section).flatMap(([name, given]) => {
    const path = ['services', name];
    const named = validate(serviceNameSchema, name);
    if (!named.ok) issues.push(...named.issues.map(({ message }) => ({ path, message, at: 'key' as const })));
    const service = validate(serviceSchema, given);
    if (service.ok) return [{ name, ...service.value }];
    issues.push(...service.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
    return [];
  });
}
