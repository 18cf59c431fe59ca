import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { SmtpTransport } from '../../packages/core/src/platform/mail/mail-transport.ts';
import { readMail } from '../../packages/core/src/platform/mail-reader/read-mail.ts';

/** A mail as whom it was for gets it. */
export interface GotMail {
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
}

/** A mail server on loopback that takes everything and keeps it: just enough of RFC 5321 for one sender. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** The next mail to somebody with such words in its subject or its text, each given once. */
  next(to: string, words: RegExp): Promise<GotMail>;
}

/** Starts one on a free port. */
export async function startMailServer(): Promise<MailServer> {
  const got: GotMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A sender that is killed breaks off; the test that misses its mail says so.
    socket.on('error', () => {});
    converse(socket, (to, raw) => got.push(read(to, raw)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async next(to, words) {
      for (let tries = 0; tries < 300; tries += 1) {
        const index = got.findIndex((mail) => mail.to.includes(to) && words.test(`${mail.subject}\n${mail.text}`));
        const [mail] = index === -1 ? [] : got.splice(index, 1);
        if (mail !== undefined) return mail;
        await setTimeout(100);
      }
      const others = got.map((mail) => `${mail.to.join(', ')}: ${mail.subject}`).join('; ');
      throw new Error(`No mail to ${to} says ${String(words)}. There are: ${others}`);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function converse(socket: Socket, take: (to: readonly string[], raw: Buffer) => void): void {
  let rest = '';
  let to: string[] = [];
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const answer = (line: string): void => {
    const [, address] = /^RCPT TO:<([^>]+)>/i.exec(line) ?? [];
    if (address !== undefined) to.push(address.toLowerCase());
    isData = /^DATA$/i.test(line);
    if (isData) say('354 Go ahead');
    else if (/^EHLO/i.test(line)) say('250-mail.example\r\n250 8BITMIME');
    else if (/^QUIT/i.test(line)) socket.end('221 Bye\r\n');
    else say('250 OK');
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    rest += String(chunk);
    for (;;) {
      const mark = isData ? '\r\n.\r\n' : '\r\n';
      const end = rest.indexOf(mark);
      if (end === -1) return;
      const part = rest.slice(0, end);
      rest = rest.slice(end + mark.length);
      if (!isData) {
        answer(part);
        continue;
      }
      take(to, Buffer.from(part.replaceAll(/^\.\./gm, '.'), 'latin1'));
      to = [];
      isData = false;
      say('250 Taken');
    }
  });
  say('220 mail.example');
}

function read(to: readonly string[], raw: Buffer): GotMail {
  const { messageId, subject, text } = readMail(raw, Temporal.Now.instant());
  return { to, messageId: messageId ?? '', subject: subject ?? '', text: text ?? '' };
}

/** Hands an answer to our own listener, as the relay before it does. */
export async function handOver(
  port: number,
  mail: { from: string; to: string; subject: string; inReplyTo: string; text: string },
): Promise<void> {
  const lines = [
    `From: Jo Hartley <${mail.from}>`,
    `To: ${mail.to}`,
    `Subject: ${mail.subject}`,
    `Message-ID: <answer-${Temporal.Now.instant().epochMilliseconds}@hartley.example>`,
    `In-Reply-To: ${mail.inReplyTo}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    mail.text,
    '',
  ];
  await new SmtpTransport({ url: `smtp://127.0.0.1:${port}` }).deliver({
    mspId: 'journey',
    mailId: 'answer',
    from: mail.from,
    to: [mail.to],
    raw: Buffer.from(lines.join('\r\n')),
  });
}
