import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
} from 'yaml';
import type { Issue } from '../model/index.js';

/** A place in a text file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Found {
  readonly key?: Node | undefined;
  readonly value?: Node | undefined;
}

function asNode(thing: unknown): Node | undefined {
  return isScalar(thing) || isCollection(thing) ? thing : undefined;
}

function child(node: Node, name: string | number): Found | undefined {
  if (isSeq(node)) return { value: asNode(node.items[Number(name)]) };
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(name));
  return isPair(pair) ? { key: asNode(pair.key), value: asNode(pair.value) } : undefined;
}

/** The node to point at: the key where that is at fault or begins a block, the value where it is a single one. */
function pointedAt({ key, value }: Found, at: Issue['at']): Node | undefined {
  if (at === 'key' || !isScalar(value) || value.value === null) return key ?? value;
  return value;
}

/** Where an issue is in the file; for something that is missing, where it would belong. */
export function positionOf(
  document: Document,
  counter: LineCounter,
  issue: Pick<Issue, 'path' | 'at'>,
): Position {
  let node = asNode(document.contents);
  let target = node;
  for (const [index, name] of issue.path.entries()) {
    const found = node === undefined ? undefined : child(node, name);
    if (found === undefined) break;
    const last = index === issue.path.length - 1;
    target = pointedAt(found, last ? issue.at : 'key') ?? target;
    node = found.value;
  }
  return positionAt(counter, target?.range?.[0] ?? 0);
}

/** The position of the character at `offset`, counted from 0. */
export function positionAt(counter: LineCounter, offset: number): Position {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
