import type { Command } from '#platform/command';
import { createMspInput, type CreateMsp } from './create-msp.ts';

/** The command line's part of this module. */
export function tenancyCommands(needs: () => { createMsp: CreateMsp }): Command[] {
  return [
    {
      name: 'msp create',
      summary: 'Make an MSP with its internal client. Further steps: `admin invite`.',
      options: {
        name: { help: 'the name that staff and clients see', isRequired: true },
        slug: { help: 'its short name in addresses and commands', isRequired: true },
        zone: { help: 'its IANA time zone; this machine’s where it is left out' },
        currency: { help: 'ISO 4217 code of what it bills in', isRequired: true },
      },
      async run(input, context) {
        const timeZone = input.optionalText('zone') ?? Temporal.Now.timeZoneId();
        const fields = createMspInput.parse({
          name: input.text('name'),
          slug: input.text('slug'),
          timeZone,
          currency: input.text('currency'),
        });
        const { mspId } = await needs().createMsp.run(context.scopeOfNew(), fields);
        context.print(`Made the MSP ${fields.name} (${fields.slug}), ${mspId}.`);
      },
    },
  ];
}
