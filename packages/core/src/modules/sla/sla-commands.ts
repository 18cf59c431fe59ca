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
      for (const one of cases) terminal.print(JSON.stringify({ id: one.id, ...replayCase(rules, one) }));
    },
  },
];
