import ts from 'typescript';
import { describe, expect, it } from 'vitest';
// First: it brings what the container needs before any module is loaded.
import '../../packages/core/src/composition/container.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { moduleNames, readSource, repositoryRoot, sourceFiles } from './source-tree.ts';

const folder = 'packages/core/src/modules';
const rows = JSON.parse(readSource('packages/core/module-order.json')) as string[][];
const order = rows.flat();

describe('the order of modules', () => {
  it('has each module that exists once', () => {
    expect(new Set(order).size).toBe(order.length);
    expect(moduleNames().filter((name) => !order.includes(name))).toEqual([]);
  });

  it('is the order in which composition registers them', () => {
    const rowOf = new Map(rows.flatMap((row, index) => row.map((name) => [name, index] as const)));
    const registered = modules.map((module) => rowOf.get(module.name) ?? -1);
    expect(registered).toEqual(registered.toSorted((a, b) => a - b));
    expect(modules.map((module) => module.name).toSorted()).toEqual(moduleNames().toSorted());
  });
});

describe('the door of a module', () => {
  it('holds no code of its own', () => {
    const statements = moduleNames().flatMap((name) => {
      const path = `${folder}/${name}/index.ts`;
      const file = ts.createSourceFile(path, readSource(path), ts.ScriptTarget.Latest);
      return file.statements.filter((statement) => !ts.isExportDeclaration(statement)).map(() => path);
    });
    expect(statements).toEqual([]);
  });

  it('documents each thing whose name does not say all', () => {
    // A module's definition, an id and its schema, an injection token, what leaves the server: the printed table of names already tells what these are.
    const isPlain = (line: string): boolean => /(Module|Id|IdSchema|Token|Tables|View|[Ii]nput|Result)$/.test(line);
    expect(undocumentedExports().filter((line) => !isPlain(line))).toEqual([]);
  });
});

/** `module: name` of what a door exports without a doc comment at its declaration. */
function undocumentedExports(): string[] {
  const doors = moduleNames().map((name) => `${repositoryRoot}/${folder}/${name}/index.ts`);
  const program = ts.createProgram(doors, {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  return doors.flatMap((door) => {
    const file = program.getSourceFile(door);
    const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    if (symbol === undefined) return [`${door}: exports nothing`];
    const name = door.split('/').at(-2);
    return checker.getExportsOfModule(symbol).flatMap((exported) => {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const declared = isAlias ? checker.getAliasedSymbol(exported) : exported;
      return declared.getDocumentationComment(checker).length > 0 ? [] : [`${name}: ${exported.name}`];
    });
  });
}

describe('migrations', () => {
  const files = sourceFiles('packages/core/src').filter((file) => file.includes('/migrations/'));

  it('are named by the UTC second and what they do, each second once', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !/\/\d{8}T\d{6}Z-[a-z0-9-]+\.ts$/.test(file))).toEqual([]);
    const stamps = files.map((file) => /\/(\d{8}T\d{6}Z)-/.exec(file)?.[1]);
    expect(stamps.filter((stamp, index) => stamps.indexOf(stamp) !== index)).toEqual([]);
  });

  it("make and change only their own module's tables", () => {
    const foreign = modules.flatMap((module) => {
      const own = new RegExp(`^(${module.tables.join('|')})(_|$)`);
      return files
        .filter((file) => file.startsWith(`${folder}/${module.name}/`))
        .flatMap((file) =>
          changedTables(readSource(file))
            .filter((table) => !own.test(table))
            .map((table) => `${file}: ${table}`),
        );
    });
    expect(foreign).toEqual([]);
  });

  it('give no table to two modules', () => {
    const owners = modules.flatMap((module) => module.tables);
    expect(owners.filter((table, index) => owners.indexOf(table) !== index)).toEqual([]);
  });
});

/** Tables that the SQL of a migration creates, alters, drops or writes; those of sign-in lie in a schema of their own, `auth`. */
function changedTables(source: string): string[] {
  const change =
    /\b(?:create|alter|drop) table (?:if (?:not )?exists )?(?!auth\.)([a-z_]+)|\b(?:insert into|delete from|update(?! set\b| of\b| on\b| or\b| cascade\b)) (?!auth\.)([a-z_]+)\b/g;
  return source
    .matchAll(change)
    .map((match) => match[1] ?? match[2] ?? '')
    .toArray();
}
