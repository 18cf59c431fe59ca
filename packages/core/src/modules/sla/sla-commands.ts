import type { OfflineCommand } from '#platform/command';
import { readReplayInput } from './replay-input.ts';
import { makeSlaRules, replayCase } from './replay.ts';

/** The command line's part of this module. */
export const slaCommands: readonly OfflineCommand[] = [
  {
    name: 'sla replay',
    summary: 'Judge tickets’ histories by calendars and policies: one JSON line a case, with each clock’s timeline.',
    operand: { name: 'file.json', help: 'calendars, policies and cases as JSON; - for standard input' },
    options: {},
    async run(input, terminal) {
      const { cases, ...definitions } = readReplayInput(await terminal.read(input.operand()));
      const rules = makeSlaRules(definitions);
      // All before the first line: an answer that is cut off reads like a whole one.
      const lines = cases.map((one) => JSON.stringify({ id: one.id, ...replayCase(rules, one) }));
      for (const line of lines) terminal.print(line);
    },
  },
];
