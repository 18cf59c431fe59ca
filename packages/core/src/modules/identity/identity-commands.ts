import { InvalidInputError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { Directory } from '#modules/directory';
import type { ClientQueries } from '#modules/tenancy';
import type { Command } from '#platform/command';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { SecretBox } from '#platform/secrets/secret-box';
import { createApiKeyInput, type ApiKeys } from './api-keys.ts';
import { inviteStaffInput, type Invitations } from './invitations.ts';
import type { StaffQueries } from './staff-queries.ts';

interface Needs {
  readonly invitations: Invitations;
  readonly apiKeys: ApiKeys;
  readonly staff: StaffQueries;
  readonly clients: ClientQueries;
  readonly directory: Directory;
  readonly secrets: SecretBox;
  readonly db: ScopedDb;
}

const msp = { help: 'the MSP’s slug; may be left out where there is one' };

/** The command line's part of this module. */
export function identityCommands(needs: () => Needs): Command[] {
  return [inviteCommand(needs), apiKeyCommand(needs), rewrapCommand(needs)];
}

function inviteCommand(needs: () => Needs): Command {
  return {
    name: 'admin invite',
    summary:
      'Print a one-time link by which somebody becomes administrator. Without --email it works for an hour, for whoever opens it.',
    options: { msp, email: { help: 'whom to invite; they are mailed the link as well, and it works for three days' } },
    async run(input, context) {
      const scope = await context.scopeOf(input.optionalText('msp'));
      const email = input.optionalText('email');
      const { link } =
        email === undefined
          ? await needs().invitations.inviteFirstAdministrator(scope)
          : await needs().invitations.inviteStaff(
              scope,
              inviteStaffInput.parse({ email, standardRoles: ['administrator'] }),
            );
      context.print(link);
    },
  };
}

function apiKeyCommand(needs: () => Needs): Command {
  return {
    name: 'api-key create',
    summary: 'Make an API key for a member of staff and print it, once.',
    options: {
      owner: { help: 'the e-mail address of the member of staff that it acts for', isRequired: true },
      permissions: { help: 'what it may do, such as tenancy.read-clients', isRequired: true, kind: 'list' },
      client: { help: 'the short code of a client that it is kept to', kind: 'list' },
      name: { help: 'what it is for' },
      days: { help: 'for how long it works; 90 where it is left out' },
      json: { help: 'print JSON', kind: 'flag' },
      msp,
    },
    async run(input, context) {
      const { staff, apiKeys, clients } = needs();
      const scope = await context.scopeOf(input.optionalText('msp'));
      const owner = await staff.byEmail(scope, input.text('owner'));
      const clientIds: ClientId[] = [];
      for (const code of input.list('client')) {
        const found = (await clients.list(scope, { limit: 200, search: code })).items;
        const client = found.find((one) => one.shortCode === code.toUpperCase());
        if (client === undefined)
          throw new NotFoundError('tenancy.client-not-found', `There is no client with the short code ${code}.`);
        clientIds.push(client.id as ClientId);
      }
      const days = Number(input.optionalText('days') ?? '90');
      if (!Number.isInteger(days)) throw new InvalidInputError('command.bad-options', '--days must be a whole number.');
      const fields = createApiKeyInput.parse({
        name: input.optionalText('name') ?? 'from the command line',
        permissions: input.list('permissions'),
        reach: clientIds.length === 0 ? { kind: 'all' } : { kind: 'only', clientIds },
        days,
      });
      const made = await apiKeys.createFor(scope, owner, fields);
      context.print(input.flag('json') ? JSON.stringify({ id: made.apiKeyId, key: made.secret }) : made.secret);
    },
  };
}

function rewrapCommand(needs: () => Needs): Command {
  return {
    name: 'secret-key rewrap',
    summary:
      'After a change of BAILIWICK_SECRET_KEY (the old one in BAILIWICK_SECRET_KEY_PREVIOUS): wrap every data key anew.',
    options: {},
    async run(_, context) {
      const { directory, db, secrets } = needs();
      let count = 0;
      for (const { slug } of await directory.listMsps())
        count += await db.transaction(await context.scopeOf(slug), (tx) => secrets.rewrap(tx));
      context.print(`Wrapped ${count} data keys anew. BAILIWICK_SECRET_KEY_PREVIOUS may be unset.`);
    },
  };
}
