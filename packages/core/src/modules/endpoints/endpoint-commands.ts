import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries } from '#modules/tenancy';
import type { Command } from '#platform/command';
import { createEnrolmentTokenInput, type CreateEnrolmentToken } from './create-enrolment-token.ts';

/** The command line's part of this module. */
export function endpointCommands(
  needs: () => { clients: ClientQueries; createToken: CreateEnrolmentToken },
): Command[] {
  return [
    {
      name: 'agent token',
      summary: 'Make an enrolment token; then, on the machine: `npm run agent -- enroll --server … --token …`.',
      options: {
        client: { help: 'the client’s short code, name or id', isRequired: true },
        msp: { help: 'the MSP’s slug, where there are several' },
        uses: { help: 'how many machines it is good for (1)' },
        hours: { help: 'how long it is good for (24)' },
        json: { help: 'print JSON', kind: 'flag' },
      },
      async run(input, context) {
        const { clients, createToken } = needs();
        const scope = await context.scopeOf(input.optionalText('msp'));
        const clientId = await findClient(clients, scope, input.text('client'));
        const fields = createEnrolmentTokenInput.parse({
          clientId,
          label: `Command line (${context.user})`,
          ...numberOption('maxUses', input.optionalText('uses')),
          ...numberOption('expiresInHours', input.optionalText('hours')),
        });
        const made = await createToken.run(scope, fields);
        if (input.flag('json'))
          context.print(
            JSON.stringify({
              token: made.token,
              clientId,
              expiresAt: made.expiresAt.toString(),
              maxUses: fields.maxUses,
            }),
          );
        else
          context.print(
            `${made.token}\nGood for ${fields.maxUses}, until ${made.expiresAt.toString()}. On the machine:\n  npm run agent -- enroll --server ${context.publicUrl} --token ${made.token}`,
          );
      },
    },
  ];
}

function numberOption(name: string, value: string | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: Number(value) };
}

async function findClient(clients: ClientQueries, scope: TenantScope, wanted: string): Promise<ClientId> {
  const { items } = await clients.list(scope, { limit: 200, search: wanted });
  const found =
    items.find(
      (client) =>
        client.id === wanted ||
        client.shortCode === wanted.toUpperCase() ||
        client.name.toLowerCase() === wanted.toLowerCase(),
    ) ?? (items.length === 1 ? items[0] : undefined);
  if (found !== undefined) return found.id as ClientId;
  const byId = /^[0-9a-f-]{36}$/i.test(wanted)
    ? await clients.get(scope, wanted as ClientId).catch(() => undefined)
    : undefined;
  if (byId !== undefined) return byId.id as ClientId;
  throw new NotFoundError(
    'tenancy.client-not-found',
    items.length > 1
      ? `“${wanted}” fits ${items.map((client) => client.shortCode).join(', ')}. Say which.`
      : `There is no client “${wanted}”.`,
  );
}
