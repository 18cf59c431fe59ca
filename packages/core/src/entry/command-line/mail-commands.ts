import { systemClock } from '#kernel/clock';
import type { OfflineCommand } from '#platform/command';
import { readMail } from '#platform/mail-reader/read-mail';

/** What an administrator asks of a raw mail, on any machine. */
export const mailCommands: readonly OfflineCommand[] = [
  {
    name: 'mail parse',
    summary: 'What is understood of a raw mail, as JSON: sender, text, files, bounce, threading, and why.',
    operand: { name: 'file', help: 'a raw mail (.eml); - for standard input' },
    options: {},
    async run(input, terminal) {
      const raw = await terminal.read(input.operand());
      terminal.print(JSON.stringify(readMail(raw, systemClock.now()), null, 2));
    },
  },
];
