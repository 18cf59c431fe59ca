import { DomainError } from '#kernel/errors';
import { makeLogger } from '#platform/log';
import { readSettings, SettingsError } from '#platform/settings';
import { readDemoWish, startDemo } from './demo/start-demo.ts';
import { firstAdministratorLink } from './first-start.ts';
import { startServer, type RunningServer } from './server.ts';
import { startLocalAgent, type LocalAgent } from './this-machine.ts';

/** `npm start`: runs until it is told to stop. Anything that goes wrong is one line on standard error and exit code 1. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const demo = readDemoWish(process.argv.slice(2));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  let server: RunningServer | null = null;
  let localAgent: LocalAgent | null = null;
  let pulse: { stop(): void } | null = null;
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    if (server === null) process.exit(130);
    say('Stopping …');
    pulse?.stop();
    const running = server;
    Promise.resolve(localAgent?.stop())
      .then(() => running.stop())
      .then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const log = makeLogger(settings.LOG_LEVEL);
  server = await startServer({
    settings,
    log,
    progress: say,
    beforeWork: async (parts) => {
      if (settings.BAILIWICK_ROLE !== 'worker') pulse = await startDemo({ ...parts, log, say }, demo);
    },
  });
  if (server.url === null) return say('Bailiwick’s worker is running.');
  const { container } = server;
  const link = await firstAdministratorLink(container);
  if (settings.BAILIWICK_LOCAL_AGENT === 'on')
    localAgent = await startLocalAgent({
      container,
      dataDir: server.settings.BAILIWICK_DATA_DIR,
      serverUrl: server.localUrl ?? server.url,
      log,
    });
  say(`Bailiwick is ready at ${server.url}`);
  if (link !== null) say(`\nMake yourself its administrator; this link works once, within an hour:\n  ${link}`);
}

function fail(error: unknown): never {
  const isForeseen = error instanceof DomainError || error instanceof SettingsError;
  process.stderr.write(
    `${isForeseen ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

await main().catch(fail);
