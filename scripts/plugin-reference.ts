// Writes docs/plugins/reference.md from the source of the SDK: its exports with their comments. `plugin-reference.ts --check` only says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entities, type Field, type Shape } from '@bailiwick/sdk';
import ts from 'typescript';

const source = fileURLToPath(new URL('../packages/sdk/src', import.meta.url));

/** Where the committed reference is. */
export const referencePath = fileURLToPath(new URL('../docs/plugins/reference.md', import.meta.url));

/** The files in the order in which an author meets them, and what they are about. */
const chapters: readonly (readonly [file: string, title: string])[] = [
  ['plugin', 'The plugin'],
  ['manifest', 'plugin.json'],
  ['connection-type', 'Connections'],
  ['auth', 'Signing in'],
  ['field', 'Fields'],
  ['context', 'What a call is given'],
  ['stream', 'Streams'],
  ['paginate', 'Pages'],
  ['action', 'Actions'],
  ['webhook', 'Webhooks'],
  ['subscriber', 'Events'],
  ['ui', 'Views and frames'],
  ['errors', 'Errors'],
  ['entity', 'Records'],
];

const introduction = `# Reference

Made from the comments of \`packages/sdk/src\` by \`scripts/plugin-reference.ts\`: change it there. Everything is imported from
\`@bailiwick/sdk\`. What is not here is not part of the contract. The bare types, as a change of the contract is
reviewed: [packages/sdk/api.md](../../packages/sdk/api.md).
`;

type Declaration =
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.ClassDeclaration
  | ts.FunctionDeclaration
  | ts.VariableStatement;

/** The whole reference, as Markdown. */
export function pluginReference(): string {
  const names = exportedNames();
  const documented = new Set<string>();
  const parts = chapters.map(([file, title]) => {
    const tree = parse(file);
    const found = tree.statements
      .filter(isDeclaration)
      .flatMap((declaration) => namesOf(declaration).map((name) => ({ name, declaration })))
      .filter(({ name }) => names.has(name));
    for (const { name } of found) documented.add(name);
    return [`## ${title}`, ...found.map(({ name, declaration }) => entry(name, declaration, tree))].join('\n\n');
  });
  const missing = [...names].filter((name) => !documented.has(name));
  if (missing.length > 0) throw new Error(`No chapter has ${missing.join(', ')}.`);
  return `${[introduction.trimEnd(), ...parts].join('\n\n')}\n`;
}

function parse(file: string): ts.SourceFile {
  const path = join(source, `${file}.ts`);
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

function exportedNames(): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of parse('index').statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
    if (ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements) names.add(element.name.text);
    }
  }
  return names;
}

function isDeclaration(statement: ts.Statement): statement is Declaration {
  return (
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isVariableStatement(statement)
  );
}

function namesOf(declaration: Declaration): string[] {
  if (!ts.isVariableStatement(declaration)) return declaration.name === undefined ? [] : [declaration.name.text];
  return declaration.declarationList.declarations.map(({ name }) => name.getText());
}

function entry(name: string, declaration: Declaration, tree: ts.SourceFile): string {
  const doc = ts.getJSDocCommentsAndTags(declaration).find(ts.isJSDoc);
  const parts = [`### \`${name}\``, ...textOf(doc), code(signature(name, declaration, tree))];
  if (name === 'entities') parts.splice(2, 1, ...recordTables(tree));
  for (const example of tagsOf(doc, 'example')) parts.push(`For example:\n\n${code(example)}`);
  return parts.join('\n\n');
}

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;

/** The comment, then what it says of parameters and errors. */
function textOf(doc: ts.JSDoc | undefined): string[] {
  if (doc === undefined) return [];
  const said = ts.getTextOfJSDocComment(doc.comment)?.trim();
  const parameters = (doc.tags ?? []).flatMap((tag) =>
    ts.isJSDocParameterTag(tag)
      ? [`* \`${tag.name.getText()}\`: ${ts.getTextOfJSDocComment(tag.comment)?.trim() ?? ''}`]
      : [],
  );
  const errors = tagsOf(doc, 'throws').map((text) => `Throws ${text}.`);
  return [said ?? '', parameters.join('\n'), ...errors].filter((text) => text !== '');
}

function tagsOf(doc: ts.JSDoc | undefined, name: string): string[] {
  return (doc?.tags ?? [])
    .filter((tag) => tag.tagName.text === name)
    .map((tag) => tag.getText().replace(`@${name}`, ''))
    .map((text) => text.replaceAll(/^[^\S\n]*\*(?: |$|\/)/gm, '').trim());
}

/** What an author may rely on: types whole, functions and constants without what they do. */
function signature(name: string, declaration: Declaration, tree: ts.SourceFile): string {
  const text = declaration.getText(tree).replace(/^export /, '');
  if (ts.isFunctionDeclaration(declaration) && declaration.body !== undefined) {
    return `${text.slice(0, text.length - declaration.body.getText(tree).length).trimEnd()};`;
  }
  if (ts.isClassDeclaration(declaration)) return classOf(declaration, tree);
  if (!ts.isVariableStatement(declaration)) return text;
  const value = declaration.declarationList.declarations[0]?.initializer;
  if (value === undefined || !ts.isObjectLiteralExpression(value)) return text;
  const members = value.properties.filter(ts.isPropertyAssignment).map((property) => {
    const comment = ts.getJSDocCommentsAndTags(property).map((node) => node.getText(tree));
    const made = property.initializer;
    const parameters = ts.isArrowFunction(made) ? made.parameters.map((one) => one.getText(tree)).join(', ') : '';
    return [...comment, `${name}.${property.name.getText(tree)}(${parameters})`].join('\n');
  });
  return members.join('\n');
}

/** What a class has for its users: neither bodies, nor what is only for its own family. */
function classOf(declaration: ts.ClassDeclaration, tree: ts.SourceFile): string {
  const base = declaration.heritageClauses?.map((clause) => clause.getText(tree)).join(' ') ?? '';
  const members = declaration.members.filter(isPublic).map((member) => {
    if (ts.isPropertyDeclaration(member)) return member.getText(tree).replace(/ =[^;]*/, '');
    const body = 'body' in member ? (member.body as ts.Block | undefined) : undefined;
    const text = member.getText(tree);
    return body === undefined ? text : `${text.slice(0, text.length - body.getText(tree).length).trimEnd()};`;
  });
  return [`class ${declaration.name?.text ?? ''} ${base} {`, ...members.map((member) => `  ${member}`), '}'].join('\n');
}

function isPublic(member: ts.ClassElement): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

function recordTables(tree: ts.SourceFile): string[] {
  const comments = recordComments(tree);
  return Object.entries<Shape>(entities).map(([name, shape]) => {
    const rows = Object.entries(shape).map(([key, field]) => row(key, field));
    const about = comments.get(name);
    const head = about === undefined ? `#### ${name}` : `#### ${name}\n\n${about}`;
    return `${head}\n\n| field | is | notes |\n|---|---|---|\n${rows.join('\n')}`;
  });
}

/** What is said above each type of record. */
function recordComments(tree: ts.SourceFile): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) {
      const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
      const text = ts.getTextOfJSDocComment(doc?.comment);
      if (text !== undefined) found.set(node.name.getText(tree), text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function row(key: string, field: Field): string {
  const notes = [
    field.optional === true ? 'may be left out' : '',
    'max' in field && field.max !== undefined ? `at most ${field.max.toLocaleString('en')}` : '',
    'min' in field && field.min !== undefined ? `at least ${field.min}` : '',
    'pattern' in field && field.pattern !== undefined ? `\`${field.pattern}\`` : '',
    'unit' in field && field.unit !== undefined ? `in ${field.unit}` : '',
    field.private === true ? 'private: not in a diagnostics file' : '',
    'example' in field && field.example !== undefined ? `such as \`${field.example}\`` : '',
    field.help ?? '',
  ].filter((note) => note !== '');
  return `| \`${key}\` | ${kindOf(field)} | ${notes.join('; ')} |`;
}

function kindOf(field: Field): string {
  if (field.kind === 'choice') return field.values.map((value) => `\`${value}\``).join(', ');
  return field.kind === 'list' ? `list of ${kindOf(field.of)}` : field.kind;
}

if (import.meta.main) {
  const text = pluginReference();
  if (!process.argv.includes('--check')) writeFileSync(referencePath, text);
  else if (readFileSync(referencePath, 'utf8') !== text) {
    process.stderr.write('docs/plugins/reference.md is not up to date: run scripts/plugin-reference.ts.\n');
    process.exitCode = 1;
  }
}
