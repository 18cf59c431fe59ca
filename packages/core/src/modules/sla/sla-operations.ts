import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import {
  createCalendarInput,
  createPolicyInput,
  POLICY_KINDS,
  updateCalendarInput,
  updatePolicyInput,
} from './definition-input.ts';
import { readHolidayFeed, readHolidaysInput, readHolidaysView } from './holiday-feed.ts';
import { makeDefaultInput, type MakeDefaultSla } from './make-default-sla.ts';
import { retireCalendarInput, retirePolicyInput, type RetireRules } from './retire-rules.ts';
import { calendarView, type SlaCalendars } from './sla-calendars.ts';
import { choiceView, setChoiceInput, type SlaChoices } from './sla-choices.ts';
import { policyView, type SlaPolicies } from './sla-policies.ts';
import { setTeamChoiceInput, teamChoiceView, type TeamChoices } from './team-choices.ts';

interface Needs {
  readonly calendars: SlaCalendars;
  readonly policies: SlaPolicies;
  readonly choices: SlaChoices;
  readonly teamChoices: TeamChoices;
  readonly makeDefault: MakeDefaultSla;
  readonly retire: RetireRules;
}

const READ = 'sla.read-rules';
const MANAGE = 'sla.manage-rules';
const calendarId = idSchema('sla-calendar');
const policyId = idSchema('sla-policy');
const versioned = z.object({ version: z.int() });

/** By what clocks are judged. */
export function slaOperations(needs: Needs) {
  return {
    listCalendars: defineQuery({
      name: 'sla.list-calendars',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(calendarView) }),
      rest: { method: 'GET', path: '/sla-calendars', summary: 'Business calendars, by name' },
      run: async (scope) => ({ items: await needs.calendars.list(scope) }),
    }),
    createCalendar: defineCommand({
      name: 'sla.create-calendar',
      permission: MANAGE,
      input: createCalendarInput,
      output: z.object({ calendarId }),
      rest: { method: 'POST', path: '/sla-calendars', summary: 'Make a business calendar' },
      run: (scope, input) => needs.calendars.create(scope, input),
    }),
    updateCalendar: defineCommand({
      name: 'sla.update-calendar',
      permission: MANAGE,
      input: updateCalendarInput,
      output: versioned,
      rest: { method: 'PUT', path: '/sla-calendars/{calendarId}', summary: 'Change a business calendar' },
      run: (scope, input) => needs.calendars.update(scope, input),
    }),
    readHolidays: defineCommand({
      name: 'sla.read-holidays',
      permission: MANAGE,
      input: readHolidaysInput,
      output: readHolidaysView,
      rest: {
        method: 'POST',
        path: '/sla-holidays',
        summary: 'The whole days of an iCalendar file, to be made holidays',
      },
      run: async (_scope, { text }) => readHolidayFeed(text),
    }),
    listPolicies: defineQuery({
      name: 'sla.list-policies',
      permission: READ,
      input: z.object({ kind: z.enum(POLICY_KINDS).default('sla') }),
      output: z.object({ items: z.array(policyView) }),
      rest: { method: 'GET', path: '/sla-policies', summary: 'SLA policies, or OLAs between teams, by name' },
      run: async (scope, { kind }) => ({ items: await needs.policies.list(scope, kind) }),
    }),
    createPolicy: defineCommand({
      name: 'sla.create-policy',
      permission: MANAGE,
      input: createPolicyInput,
      output: z.object({ policyId }),
      rest: { method: 'POST', path: '/sla-policies', summary: 'Make an SLA policy' },
      run: (scope, input) => needs.policies.create(scope, input),
    }),
    updatePolicy: defineCommand({
      name: 'sla.update-policy',
      permission: MANAGE,
      input: updatePolicyInput,
      output: versioned,
      rest: { method: 'PUT', path: '/sla-policies/{policyId}', summary: 'Change an SLA policy' },
      run: (scope, input) => needs.policies.update(scope, input),
    }),
    retirePolicy: defineCommand({
      name: 'sla.retire-policy',
      permission: MANAGE,
      input: retirePolicyInput,
      output: z.object({}),
      rest: {
        method: 'DELETE',
        path: '/sla-policies/{policyId}',
        summary: 'Retire an SLA policy that is chosen nowhere',
      },
      run: async (scope, input) => {
        await needs.retire.policy(scope, input);
        return {};
      },
    }),
    retireCalendar: defineCommand({
      name: 'sla.retire-calendar',
      permission: MANAGE,
      input: retireCalendarInput,
      output: z.object({}),
      rest: {
        method: 'DELETE',
        path: '/sla-calendars/{calendarId}',
        summary: 'Retire a business calendar that no policy counts by',
      },
      run: async (scope, input) => {
        await needs.retire.calendar(scope, input);
        return {};
      },
    }),
    listChoices: defineQuery({
      name: 'sla.list-choices',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(choiceView) }),
      rest: { method: 'GET', path: '/sla-choices', summary: 'Which policy holds for whose tickets' },
      run: async (scope) => ({ items: await needs.choices.list(scope) }),
    }),
    setChoice: defineCommand({
      name: 'sla.set-choice',
      permission: MANAGE,
      input: setChoiceInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/sla-choices', summary: 'Choose the policy of a client’s or a type’s tickets' },
      run: async (scope, input) => {
        await needs.choices.set(scope, input);
        return {};
      },
    }),
    listTeamChoices: defineQuery({
      name: 'sla.list-team-choices',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(teamChoiceView) }),
      rest: { method: 'GET', path: '/sla-team-choices', summary: 'Which OLA holds for which team' },
      run: async (scope) => ({ items: await needs.teamChoices.list(scope) }),
    }),
    setTeamChoice: defineCommand({
      name: 'sla.set-team-choice',
      permission: MANAGE,
      input: setTeamChoiceInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/sla-team-choices', summary: 'Choose the OLA of a team, or of all' },
      run: async (scope, input) => {
        await needs.teamChoices.set(scope, input);
        return {};
      },
    }),
    makeDefault: defineCommand({
      name: 'sla.make-default',
      permission: MANAGE,
      input: makeDefaultInput,
      output: z.object({ calendarId, policyId }),
      rest: {
        method: 'POST',
        path: '/sla-defaults',
        summary: 'Make office hours and a standard policy for every ticket',
      },
      run: (scope, input) => needs.makeDefault.run(scope, input),
    }),
  };
}
