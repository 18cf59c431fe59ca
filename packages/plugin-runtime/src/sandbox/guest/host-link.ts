import { Lines } from './lines.ts';

// Taken before the plugin's code runs, so that nothing it redefines stands between the host and the channel.
const { stdin, stdout } = process;
const { parse, stringify } = JSON;
const write = stdout.write.bind(stdout);
const exit = process.exit.bind(process);

/** Sends one message to the host. @throws TypeError where the value is no JSON */
export function send(message: object): void {
  write(`${stringify(message)}\n`);
}

/** Hands on what the host sends; the process ends with the channel. */
export function listen(receive: (message: never) => void): void {
  const lines = new Lines(Number.MAX_SAFE_INTEGER);
  stdin.setEncoding('utf8');
  stdin.on('data', (chunk: string) => {
    for (const line of lines.push(chunk) ?? []) receive(parse(line) as never);
  });
  stdin.on('close', () => exit(0));
}
