import { ConflictError } from '#kernel/errors';
import type { Command } from '#platform/command';
import type { SealEntries } from './seal-entries.ts';
import type { VerifyChain } from './verify-chain.ts';

/** The command line's part of this module. */
export function auditCommands(needs: () => { seal: SealEntries; verify: VerifyChain }): Command[] {
  return [
    {
      name: 'audit verify',
      summary: 'Read the audit trail’s chain again and name every entry that was changed, removed or put in.',
      options: { msp: { help: 'the MSP’s slug; may be left out where there is one' } },
      async run(input, context) {
        const scope = await context.scopeOf(input.optionalText('msp'));
        // What stands in line is sealed first, so that the head printed below covers all of it.
        await needs().seal.run(scope);
        const report = await needs().verify.run(scope);
        for (const fault of report.faults) context.print(`${fault.kind}: ${fault.entryId}: ${fault.detail}`);
        if (report.faults.length > 0)
          throw new ConflictError('audit.chain-broken', `The trail does not hold: ${report.faults.length} faults.`);
        context.print(`The trail holds: ${report.sealed} entries. Its head is ${report.head}.`);
      },
    },
  ];
}
