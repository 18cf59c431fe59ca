import { isBuiltin } from 'node:module';
import { parse, type Node, type Program } from 'acorn';
import { BundleRefused } from './bundle-refused.ts';

const file = 'plugin.mjs';

/**
 * Reads the code without running it: one module of the web platform that imports nothing. What a text could still hide is stopped by the
 * sandbox, which makes no code from texts and has no modules to give.
 *
 * @throws BundleRefused `bad-code`, `node-import`, `outside-import`, `code-from-text`
 */
export function checkCode(code: string): void {
  const waiting: Node[] = [parseModule(code)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    checkNode(node, code);
    for (const member of Object.values(node)) {
      if (Array.isArray(member)) waiting.push(...member.filter(isNode));
      else if (isNode(member)) waiting.push(member);
    }
  }
}

function parseModule(code: string): Program {
  try {
    return parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  } catch (error) {
    // A nesting that exhausts the parser's stack is a RangeError.
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'cannot be read';
    throw new BundleRefused('bad-code', file, `is no module of JavaScript: ${reason}.`);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';

/** The fields of the nodes that are looked at here. */
interface Seen extends Node {
  readonly source?: (Node & { readonly value?: unknown }) | null;
  readonly callee?: Node & { readonly name?: string };
  readonly arguments?: readonly (Node & { readonly value?: unknown })[];
  readonly name?: string;
  readonly object?: Node & { readonly name?: string };
  readonly property?: Node & { readonly name?: string };
}

function checkNode(node: Node, code: string): void {
  const seen = node as Seen;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (isNode(seen.source)) throw importRefused(seen, String(seen.source.value));
      return;
    case 'ImportExpression': {
      const literal = seen.source?.value;
      throw importRefused(seen, typeof literal === 'string' ? literal : undefined);
    }
    case 'CallExpression':
    case 'NewExpression':
      checkCall(seen);
      return;
    case 'MemberExpression':
      checkMember(seen, code);
      return;
    default:
  }
}

const makers = new Set(['eval', 'Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction']);
const globals = new Set(['globalThis', 'window', 'self', 'global']);

function checkCall(node: Seen): void {
  const name = node.callee?.name;
  if (name === 'require') {
    const literal = node.arguments?.[0]?.value;
    throw importRefused(node, typeof literal === 'string' ? literal : undefined);
  }
  if (name !== undefined && makers.has(name)) throw fromText(node, name);
  const isTimer = name === 'setTimeout' || name === 'setInterval';
  if (isTimer && typeof node.arguments?.[0]?.value === 'string') throw fromText(node, name);
}

function checkMember(node: Seen, code: string): void {
  const property = node.property?.name;
  const object = node.object?.name;
  if (object !== undefined && globals.has(object) && property !== undefined && makers.has(property)) {
    throw fromText(node, property);
  }
  if (object === 'process' && (property === 'binding' || property === 'getBuiltinModule')) {
    throw new BundleRefused('node-import', place(node), `process.${property} reaches into Node.`);
  }
  // (() => {}).constructor('…') is Function by another name.
  if (property === 'constructor' && code.startsWith('(', node.end)) throw fromText(node, 'constructor');
}

function importRefused(node: Node, specifier: string | undefined): BundleRefused {
  if (specifier === undefined) {
    return new BundleRefused('outside-import', place(node), 'imports what only a run would tell.');
  }
  const shown = specifier.slice(0, 100);
  return isBuiltin(specifier)
    ? new BundleRefused('node-import', place(node), `imports ${shown} of Node; a plugin has web APIs only.`)
    : new BundleRefused(
        'outside-import',
        place(node),
        `imports ${shown}; a plugin is one file with all it needs inside.`,
      );
}

function fromText(node: Node, name: string): BundleRefused {
  return new BundleRefused('code-from-text', place(node), `${name} makes code from a text.`);
}

function place(node: Node): string {
  const { line, column } = node.loc?.start ?? { line: 0, column: 0 };
  return `${file}:${line}:${column + 1}`;
}
