import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept, createPlugin } from '@bailiwick/plugin-kit';
import ts from 'typescript';
import { runPluginCommand, startPluginCommand } from '../support/plugin-command.ts';
import { median, progress, report } from './figures.ts';

const bench = 'plugin-author';
const plugins = fileURLToPath(new URL('../../packages/plugins', import.meta.url));
/** The goals of the author's day: an RMM-class integration, a minimal one, and the times. */
const GOAL_LINES = 200;
const GOAL_MINIMAL_LINES = 60;
const GOAL_FIRST_RECORD_MS = 15_000;
const GOAL_SAVE_MS = 1000;
const GOAL_ACCEPTANCE_MS = 10_000;
const SAVES = 7;

/** What a plugin's author writes and waits for. The scaffold is worked on outside of this folder, by the commands that an author has. */
export async function benchPluginAuthor(): Promise<void> {
  const outside = await mkdtemp(join(tmpdir(), 'bailiwick author '));
  try {
    await benchLines(outside);
    await benchDay(outside);
    await benchAcceptance();
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
}

async function benchLines(outside: string): Promise<void> {
  progress('Counting lines of code …');
  const shipped = readdirSync(plugins).filter((name) => existsSync(join(plugins, name, 'plugin.json')));
  for (const name of shipped) {
    const value = await linesOf(join(plugins, name, 'src'));
    report({ bench, metric: `${name}, lines`, value, unit: 'lines', baseline: GOAL_LINES });
  }
  const { folder } = await createPlugin(join(outside, 'counted'));
  const value = await linesOf(join(folder, 'src'));
  report({ bench, metric: 'scaffold, lines', value, unit: 'lines', baseline: GOAL_MINIMAL_LINES });
}

/** Lines on which there is code: no blank ones, none of comments only. */
async function linesOf(folder: string): Promise<number> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return files.reduce((sum, text) => sum + codeLines(text), 0);
}

function codeLines(text: string): number {
  const file = ts.createSourceFile('counted.ts', text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(file) > 0) return node.getChildren(file).forEach(visit);
    if (node.kind === ts.SyntaxKind.EndOfFileToken || ts.isJSDoc(node)) return;
    const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
    const last = file.getLineAndCharacterOfPosition(node.end).line;
    for (let line = first; line <= last; line += 1) lines.add(line);
  };
  visit(file);
  return lines.size;
}

async function benchDay(outside: string): Promise<void> {
  progress('Making a plugin, and saving it again and again …');
  const startMs = performance.now();
  await runPluginCommand(outside, ['create', 'acme']);
  await using dev = startPluginCommand(outside, ['dev', 'acme']);
  await dev.prints(/north-pc-01/);
  const firstMs = performance.now() - startMs;
  report({ bench, metric: 'scaffold to first record', value: firstMs, unit: 'ms', baseline: GOAL_FIRST_RECORD_MS });
  const path = join(outside, 'acme', 'src', 'plugin.ts');
  const source = await readFile(path, 'utf8');
  const times: number[] = [];
  for (let save = 0; save < SAVES; save += 1) {
    const name = `saved-${save}-`;
    const records = dev.prints(new RegExp(`${name}north-pc-01`));
    const savedMs = performance.now();
    await writeFile(path, source.replace('name: hostname', `name: \`${name}\${hostname}\``));
    await records;
    times.push(performance.now() - savedMs);
  }
  report({ bench, metric: 'save to its records, median', value: median(times), unit: 'ms', baseline: GOAL_SAVE_MS });
  const startedMs = performance.now();
  await runPluginCommand(outside, ['test', 'acme']);
  const value = performance.now() - startedMs;
  report({ bench, metric: 'scaffold, acceptance run', value, unit: 'ms', baseline: GOAL_ACCEPTANCE_MS });
}

async function benchAcceptance(): Promise<void> {
  const shipped = readdirSync(plugins).filter((name) => existsSync(join(plugins, name, 'plugin.json')));
  for (const name of shipped) {
    progress(`Accepting ${name} …`);
    const { ms } = await accept(join(plugins, name));
    report({ bench, metric: `${name}, acceptance run`, value: ms, unit: 'ms', baseline: GOAL_ACCEPTANCE_MS });
  }
}
