import { posix } from 'node:path';
import { findImports } from './find-imports.js';

/** A source file; `path` is relative to `src`, with `/` between folders. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
}

/** One break of the dependency rule. */
export interface Violation {
  readonly path: string;
  /** Line of the import, from 1; 1 where the file itself is the matter. */
  readonly line: number;
  readonly message: string;
}

/** What each layer may import besides itself. A system is a layer of its own, so that none imports another. */
const below = {
  kernel: [],
  runtime: ['kernel'],
  coordinator: ['kernel'],
  systems: ['coordinator', 'runtime', 'kernel'],
  gateway: ['systems', 'coordinator', 'runtime', 'kernel'],
  cli: ['gateway', 'systems', 'coordinator', 'runtime', 'kernel'],
} as const satisfies Record<string, readonly string[]>;

type Layer = keyof typeof below;

/** Where a file belongs: its layer, and which system it is of. */
interface Place {
  readonly layer: Layer;
  readonly name: string;
}

/**
 * Every break of the dependency rule in `files`, in their order: imports that do not point down, that leave `src` by
 * a relative path, that name no file or that are computed; files that are in no layer; then cycles between files.
 * A type-only import counts like any other.
 */
export function checkLayers(files: readonly SourceFile[]): Violation[] {
  const paths = new Set(files.map((file) => file.path));
  const violations: Violation[] = [];
  const graph = new Map<string, Edge[]>();

  for (const { path, source } of files) {
    const report = (line: number, message: string) => violations.push({ path, line, message });
    const from = placeOf(path);
    if (from === undefined) report(1, `${path} is in no layer: ${Object.keys(below).join(', ')}`);

    for (const { specifier, line } of findImports(source, path)) {
      if (specifier === undefined) report(line, 'the module is computed and cannot be checked');
      if (specifier === undefined || !/^\.{0,2}\//.test(specifier)) continue;
      const target = resolve(path, specifier, paths);
      if (target === undefined) {
        report(line, `${specifier} leads out of src or to no file`);
        continue;
      }
      const to = placeOf(target);
      if (from !== undefined && to !== undefined && !mayImport(from, to)) {
        report(line, `${from.name} may not import ${to.name} (${specifier})`);
      }
      graph.set(path, [...(graph.get(path) ?? []), { target, line }]);
    }
  }
  return [...violations, ...findCycles(graph)];
}

function placeOf(path: string): Place | undefined {
  const [top = '', second] = path.split('/');
  if (!isLayer(top) || second === undefined) return undefined;
  if (top !== 'systems') return { layer: top, name: top };
  return path.split('/').length > 2 ? { layer: top, name: `systems/${second}` } : undefined;
}

function isLayer(text: string): text is Layer {
  return Object.hasOwn(below, text);
}

function mayImport(from: Place, to: Place): boolean {
  const allowed: readonly string[] = below[from.layer];
  return from.name === to.name || allowed.includes(to.layer);
}

/** The file that a relative import names; an import of `x.js` names the source file `x.ts`. */
function resolve(path: string, specifier: string, paths: ReadonlySet<string>): string | undefined {
  if (specifier.startsWith('/')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  const candidates = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx')];
  return candidates.find((candidate) => paths.has(candidate));
}

interface Edge {
  readonly target: string;
  readonly line: number;
}

/** One violation for each import that closes a cycle, found by a depth-first walk in the order of the files. */
function findCycles(graph: ReadonlyMap<string, readonly Edge[]>): Violation[] {
  const violations: Violation[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    for (const { target, line } of graph.get(path) ?? []) {
      const start = trail.indexOf(target);
      if (start !== -1) {
        const cycle = [...trail.slice(start), target].join(' → ');
        violations.push({ path, line, message: `imports go round: ${cycle}` });
      } else if (!done.has(target)) walk(target, [...trail, target]);
    }
    done.add(path);
  };
  for (const path of graph.keys()) if (!done.has(path)) walk(path, [path]);
  return violations;
}
