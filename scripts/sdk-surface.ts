// Writes packages/sdk/api.md: every name that @bailiwick/sdk exports, with its type as the compiler declares it. `sdk-surface.ts --check` only says whether it
// is up to date. A difference is a change of the contract: plugins are compiled against it, and two versions of it are served at once.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const entry = fileURLToPath(new URL('../packages/sdk/src/index.ts', import.meta.url));

/** Where the committed report is. */
export const surfacePath = fileURLToPath(new URL('../packages/sdk/api.md', import.meta.url));

const introduction = `# The surface of @bailiwick/sdk

Written by \`scripts/sdk-surface.ts\` from the declarations that the compiler makes of \`src/index.ts\`; a test fails where the two differ. Read the difference
before you commit it: what is taken away or narrowed here breaks plugins that are out there.
`;

/** The options that plugins of this tree, and the scaffold, are compiled with. */
export const strictOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};

/** The whole report, as Markdown. */
export function sdkSurface(): string {
  const exported = exportedNames();
  const statements = declarations();
  const shown = [...exported].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const sections = shown.map((name) => {
    const texts = statements.filter((one) => one.name === name).map(({ text }) => text);
    if (texts.length === 0) throw new Error(`No declaration of ${name} was emitted.`);
    return `## ${name}\n\n\`\`\`ts\n${texts.join('\n')}\n\`\`\``;
  });
  const inner = statements.filter(({ name }) => !exported.has(name)).map(({ text }) => text);
  const used = inner.length === 0 ? [] : [`## Used by these, not exported\n\n\`\`\`ts\n${inner.join('\n')}\n\`\`\``];
  return `${[introduction.trimEnd(), ...sections, ...used].join('\n\n')}\n`;
}

/** The names that `index.ts` exports. */
export function exportedNames(): ReadonlySet<string> {
  const index = ts.createSourceFile(entry, readFileSync(entry, 'utf8'), ts.ScriptTarget.Latest);
  const names = index.statements.flatMap((statement) => {
    const isList =
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause);
    return isList ? statement.exportClause.elements.map(({ name }) => name.text) : [];
  });
  return new Set(names);
}

/** Every declaration that the compiler emits, without comments, in the order of files and lines. */
function declarations(): readonly { readonly name: string; readonly text: string }[] {
  const options = { ...strictOptions, declaration: true, emitDeclarationOnly: true, removeComments: true };
  const program = ts.createProgram([entry], options);
  const found: { readonly name: string; readonly text: string }[] = [];
  program.emit(undefined, (path, text) => {
    if (basename(path) === 'index.d.ts') return;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    for (const statement of file.statements) {
      for (const name of namesOf(statement)) found.push({ name, text: statement.getText(file) });
    }
  });
  return found;
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

if (import.meta.main) {
  const surface = sdkSurface();
  if (!process.argv.includes('--check')) writeFileSync(surfacePath, surface);
  else if (readFileSync(surfacePath, 'utf8') !== surface) {
    process.stderr.write(
      'packages/sdk/api.md is not up to date: run scripts/sdk-surface.ts and commit what it writes.\n',
    );
    process.exitCode = 1;
  }
}
