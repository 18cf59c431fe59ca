import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkVerification, scanForSecrets, type SecretFinding } from '@bailiwick/plugin-runtime';
import { applyTo, attemptOf } from '../acceptance/action-bench.ts';
import { Bench } from '../acceptance/bench.ts';
import type { Rig } from '../acceptance/rig.ts';
import { buildPlugin, inFile, type BuiltPlugin } from '../build/build-plugin.ts';
import { actionsSchema, type ActionFixture, type ConnectionFixture } from '../fixtures/fixture-schemas.ts';
import { optional, readConnections } from '../fixtures/read-fixtures.ts';
import { KitError } from '../kit-error.ts';
import { readLiveConnection } from '../live/live-connection.ts';
import { tryPlugin } from '../live/try-plugin.ts';
import { Recording } from './recording.ts';

/** What is recorded. */
export interface RecordInput {
  /** The plugin's folder, absolute. */
  readonly folder: string;
  /** The live connection's file, absolute. */
  readonly config: string;
  /** Also applies `fixtures/actions.json`: these change things at the vendor. */
  readonly withActions: boolean;
  readonly show: (line: string) => void;
  readonly width: number;
}

/** What was recorded. */
export interface Recorded {
  /** Absolute. */
  readonly cassette: string;
  readonly exchangeCount: number;
  /** Texts that may be secrets although nobody said so; they are left as they are. */
  readonly findings: readonly SecretFinding[];
}

/**
 * Runs a plugin against its live vendor through the real broker and writes what was said as `fixtures/recorded.cassette.json`, with the connection that it
 * was said on, its secrets made up.
 *
 * @throws KitError where something failed; nothing is written then
 */
export async function recordPlugin(input: RecordInput): Promise<Recorded> {
  const built = await buildPlugin(input.folder);
  const now = Temporal.Now.instant().round('second');
  const connection = await readLiveConnection(input.config, built.description, now);
  const folder = join(input.folder, 'fixtures');
  const actions = input.withActions ? await optional(folder, 'actions.json', actionsSchema, []) : [];
  const recording = new Recording();
  return inFile(built.code, async (bundle) => {
    const fixtures = { folder, connections: [connection], exchanges: [], actions, webhooks: [], faults: {} };
    await using bench: Bench = new Bench({
      plugin: built,
      fixtures,
      bundle,
      live: { record: (exchange) => recording.add(bench.used.at(-1)?.lastCall ?? 'check', exchange) },
    });
    const isGood = await tryPlugin(bench, { ...input, signal: new AbortController().signal });
    const [rig] = bench.used;
    if (!isGood || rig === undefined) throw new KitError('Nothing was written: the plugin has to get through first.');
    for (const name of rig.type.options) await rig.call({ kind: 'options', name }, null);
    for (const fixture of actions) await act(bench, built, fixture);
    return write(folder, { recording, bench, rig, connection });
  });
}

/** Plans, applies, reads back, and takes back where that can be: the vendor is left as it was as far as the plugin can. */
async function act(bench: Bench, { description }: BuiltPlugin, fixture: ActionFixture): Promise<void> {
  const action = description.actions.find(({ name }) => name === fixture.action);
  if (action === undefined) throw new KitError(`fixtures/actions.json: there is no action "${fixture.action}".`);
  const attempt = await attemptOf(bench, action, fixture);
  const result = await applyTo(attempt, 'recorded-1');
  const { rig, scope, input } = attempt;
  if (action.canVerify) {
    checkVerification(await rig.call({ kind: 'verify', name: action.name, input }, scope, { isReadOnly: true }));
  }
  if (action.canUndo) await rig.call({ kind: 'undo', name: action.name, input, result }, scope);
}

async function write(
  folder: string,
  parts: {
    readonly recording: Recording;
    readonly bench: Bench;
    readonly rig: Rig;
    readonly connection: ConnectionFixture;
  },
): Promise<Recorded> {
  const { recording, bench, rig, connection } = parts;
  const [failure] = recording.failures;
  if (failure !== undefined) throw new KitError(`Nothing was written: a request was not answered. ${failure}`);
  const tokens = { text: (text: string) => bench.used.reduce((clean, { watch }) => watch.text(clean), text) };
  const exchanges = recording.exchanges(tokens);
  const text = `${JSON.stringify({ exchanges }, null, 2)}\n`;
  if (bench.used.some(({ broker }) => broker.redactor.appearsIn(text))) {
    throw new KitError(
      'Nothing was written: a secret is in what the vendor said, in a form that could not be taken out.',
    );
  }
  await mkdir(folder, { recursive: true });
  const cassette = join(folder, 'recorded.cassette.json');
  await writeWhole(cassette, text);
  await writeConnection(folder, connection, rig.type.discoversScopes ? await rig.scopes() : []);
  return { cassette, exchangeCount: exchanges.length, findings: scanForSecrets(text) };
}

/** What the cassettes are played to: the same connection at the same time, with secrets that open nothing. */
async function writeConnection(
  folder: string,
  live: ConnectionFixture,
  scopes: readonly { readonly id: string }[],
): Promise<void> {
  const path = join(folder, 'connection.json');
  const known = existsSync(path) ? await readConnections(folder) : [];
  const before = known.find(({ connection }) => connection === live.connection);
  const secrets = Object.keys(live.secrets).map((key) => [key, before?.secrets[key] ?? `made-up-${key}`] as const);
  const recorded = {
    connection: live.connection,
    config: live.config,
    secrets: Object.fromEntries(secrets),
    ...(scopes.length > 0 ? { scopes: scopes.map(({ id }) => id) } : {}),
    ...(live.now === undefined ? {} : { now: live.now }),
  };
  const others = known.filter(({ connection }) => connection !== live.connection);
  await writeWhole(path, `${JSON.stringify(others.length === 0 ? recorded : [recorded, ...others], null, 2)}\n`);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.partial`, text);
  await rename(`${path}.partial`, path);
}
