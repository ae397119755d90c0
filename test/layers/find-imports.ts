import { parseAst } from 'vitest/node';

/** One mention of another module in a source file. */
export interface Import {
  /** What is written between the quotes; `undefined` where it is computed, so that it cannot be checked. */
  readonly specifier: string | undefined;
  /** Line of the mention, from 1. */
  readonly line: number;
  /** Whether the module is loaded before the first line of the file runs. */
  readonly isStatic: boolean;
}

/**
 * Every module that TypeScript `source` mentions: static, dynamic and type imports, `import('…').T` in types,
 * `export … from`, `import x = require('…')` and `require('…')`. Throws where `source` does not parse.
 *
 * The parser is the one that vitest itself reads TypeScript with.
 */
export function findImports(source: string, path = 'source.ts'): Import[] {
  const program: unknown = parseAst(source, { lang: path.endsWith('.tsx') ? 'tsx' : 'ts' }, path);
  const found: (Import & { start: number })[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isNode(value)) return;
    const module = moduleOf(value);
    if (module !== undefined) {
      const line = source.slice(0, value.start).split('\n').length;
      found.push({
        specifier: textOf(module),
        line,
        isStatic: value.type.endsWith('Declaration'),
        start: value.start,
      });
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(program instanceof Object && 'body' in program ? program.body : undefined);
  return found.sort((a, b) => a.start - b.start).map(({ start: _, ...mention }) => mention);
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return value instanceof Object && 'type' in value && typeof value.type === 'string' && 'start' in value;
}

/** The node that names a module, where `node` mentions one. */
function moduleOf(node: Node): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression': {
      const isRequire = isNode(node.callee) && node.callee.name === 'require';
      return isRequire && Array.isArray(node.arguments) ? node.arguments[0] : undefined;
    }
    default:
      return undefined;
  }
}

/** The text of a string literal or of a template without parts. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis) || node.quasis.length !== 1)
    return undefined;
  const [only] = node.quasis;
  return isNode(only) && only.value instanceof Object && 'cooked' in only.value
    ? String(only.value.cooked)
    : undefined;
}
