import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { exportedNames, strictOptions } from '../../scripts/sdk-surface.ts';

const source = fileURLToPath(new URL('../../packages/sdk/src', import.meta.url));

/** An exported name of the SDK, and what its comment says. */
export interface Documented {
  readonly name: string;
  readonly isFunctionOrClass: boolean;
  /** Without its tags. */
  readonly text: string;
  readonly examples: readonly string[];
}

/** Names that examples may use without saying where they come from: what other examples define. */
const standing: Readonly<Record<string, string>> = {
  account: "declare const account: ConnectionType<{ readonly key: { readonly kind: 'secret' } }>;",
  devices: 'declare const devices: BoundTo<Stream>;',
  reboot: 'declare const reboot: BoundTo<Action>;',
  ctx: 'declare const ctx: Context;',
  Item: 'interface Item { readonly id: number; readonly name: string }',
  toDevice: "declare function toDevice(item: Item): RecordUpsert<'device'>;",
};

/** Every export with its comment, in the order of files and lines. */
export function documented(): readonly Documented[] {
  const exported = exportedNames();
  const files = readdirSync(source).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const tree = ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest, true);
    return tree.statements.flatMap((statement) =>
      namesOf(statement)
        .filter((name) => exported.has(name) && !ts.isExportDeclaration(statement))
        .map((name) => read(name, statement)),
    );
  });
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function read(name: string, statement: ts.Statement): Documented {
  const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const tags = comments.flatMap((comment) => comment.tags ?? []);
  const examples = tags.filter(({ tagName }) => tagName.text === 'example');
  return {
    name,
    isFunctionOrClass: ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement),
    text: comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n'),
    examples: examples.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? ''),
  };
}

/**
 * Compiles examples with the options that plugins are compiled with.
 *
 * @returns what the compiler says, each with the name whose example it is
 */
export function compileExamples(all: readonly Documented[]): readonly string[] {
  const modules = new Map(
    all.flatMap(({ name, examples }) =>
      examples.map((example, index) => [join(source, `example-${name}-${index}.ts`), moduleOf(example)] as const),
    ),
  );
  const disk = ts.createCompilerHost(strictOptions);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => modules.has(path) || disk.fileExists(path),
    readFile: (path) => modules.get(path) ?? disk.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = modules.get(path);
      if (text === undefined) return disk.getSourceFile(path, languageVersion, ...rest);
      return ts.createSourceFile(path, text, languageVersion);
    },
  };
  const program = ts.createProgram([...modules.keys()], { ...strictOptions, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${/example-(\w+)-\d+\.ts$/.exec(file?.fileName ?? '')?.[1] ?? file?.fileName ?? ''}: ${message}`;
  });
}

/** A module of an example: what it uses of the SDK is imported, and what it takes from other examples is declared. */
function moduleOf(example: string): string {
  const declared = new Set([...example.matchAll(/\b(?:const|function|interface|type) (\w+)/g)].map(([, name]) => name));
  const uses = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const names = Object.keys(standing).filter((name) => !declared.has(name));
  const needed = names.filter((name) => uses(example, name) || (name === 'Item' && uses(example, 'toDevice')));
  const prelude = needed.map((name) => standing[name]).join('\n');
  const imports = [...exportedNames()].filter((name) => !declared.has(name) && uses(`${prelude}\n${example}`, name));
  const isGenerator = /^\s*(?:for await|yield)\b|\)\) yield /m.test(example) && !example.includes('async *');
  const body = isGenerator ? `export async function* example() {\n${example}\n}` : `${example}\nexport {};`;
  const types = /^[A-Z]/;
  const imported = imports.map((name) => (types.test(name) && !isValue(name) ? `type ${name}` : name));
  return `import { ${imported.join(', ')} } from './index.ts';\n${prelude}\n${body}\n`;
}

/** Classes and constants of the SDK with a capital letter. */
function isValue(name: string): boolean {
  return documented().some((one) => one.name === name && one.isFunctionOrClass) || name === 'SDK_API';
}
