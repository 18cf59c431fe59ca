import { DomainError } from '#kernel/errors';
import { makeLogger } from '#platform/log';
import { readSettings, SettingsError } from '#platform/settings';
import { startServer, type RunningServer } from './server.ts';

/** `npm start`: runs until it is told to stop. Anything that goes wrong is one line on standard error and exit code 1. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  let server: RunningServer | null = null;
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    if (server === null) process.exit(130);
    say('Stopping …');
    server.stop().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  server = await startServer({ settings, log: makeLogger(settings.LOG_LEVEL), progress: say });
  if (server.url === null) say('Bailiwick’s worker is running.');
  else say(`Bailiwick is ready at ${server.url}`);
}

function fail(error: unknown): never {
  const isForeseen = error instanceof DomainError || error instanceof SettingsError;
  process.stderr.write(
    `${isForeseen ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

await main().catch(fail);
