/** A route as far as its path and method go; `:name` in the pattern stands for one segment. */
export interface RoutePattern {
  readonly method: string;
  readonly pattern: string;
}

/** The methods that some route has for `path`, sorted; none where no route fits. */
export function allowedMethods(path: string, routes: readonly RoutePattern[]): string[] {
  const fitting = routes.filter(({ pattern }) => fits(path.split('/'), pattern.split('/')));
  return [...new Set(fitting.map(({ method }) => method))].sort();
}

function fits(path: readonly string[], pattern: readonly string[]): boolean {
  if (pattern.at(-1) === '*') {
    const fixed = pattern.slice(0, -1);
    return path.length > fixed.length && fits(path.slice(0, fixed.length), fixed);
  }
  return (
    path.length === pattern.length &&
    pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]))
  );
}
