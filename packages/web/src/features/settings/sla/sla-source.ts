import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';

/** Calendars, policies, OLAs and choices, which are shown together. */
export function createSlaRules() {
  return createRecordQuery({
    key: () => ['sla', 'list', 'rules'],
    fetch: async (signal) => {
      const [calendars, policies, choices, olas, teamChoices] = await Promise.all([
        api.sla.listCalendars.query({}, { signal }),
        api.sla.listPolicies.query({}, { signal }),
        api.sla.listChoices.query({}, { signal }),
        api.sla.listPolicies.query({ kind: 'ola' }, { signal }),
        api.sla.listTeamChoices.query({}, { signal }),
      ]);
      return {
        calendars: calendars.items,
        policies: policies.items,
        choices: choices.items,
        olas: olas.items,
        teamChoices: teamChoices.items,
      };
    },
  });
}

export type SlaRules = NonNullable<ReturnType<ReturnType<typeof createSlaRules>['value']>>;
export type Calendar = SlaRules['calendars'][number];
export type Policy = SlaRules['policies'][number];
export type TeamChoice = SlaRules['teamChoices'][number];
export type Choice = SlaRules['choices'][number];

/** After a change: the rules, and the tickets that follow them. */
export async function refreshRules(): Promise<void> {
  await Promise.all([invalidateTopic('sla'), invalidateTopic('ticket')]);
}
