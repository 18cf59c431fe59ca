import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { addAbsenceInput, endAbsenceInput, type Absences } from './absences.ts';
import { createSkillInput, setSkillLevelInput, type Skills } from './skills.ts';
import type { TeamQueries } from './team-queries.ts';
import { absenceView, skillView, teamView } from './team-view.ts';
import { createTeamInput, updateTeamInput, type Teams } from './teams.ts';

interface Needs {
  readonly queries: TeamQueries;
  readonly teams: Teams;
  readonly skills: Skills;
  readonly absences: Absences;
}

const READ = 'teams.read-teams';
const MANAGE = 'teams.manage-teams';
const AWAY = 'teams.manage-absences';
const done = z.object({});

/** Teams, skills and absences. */
export function teamOperations(needs: Needs) {
  return {
    listTeams: defineQuery({
      name: 'teams.list-teams',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(teamView) }),
      rest: { method: 'GET', path: '/teams', summary: 'Teams with their members, by name' },
      run: async (scope) => ({ items: await needs.queries.teams(scope) }),
    }),
    createTeam: defineCommand({
      name: 'teams.create-team',
      permission: MANAGE,
      input: createTeamInput,
      output: z.object({ teamId: idSchema('team') }),
      rest: { method: 'POST', path: '/teams', summary: 'Make a team' },
      run: (scope, input) => needs.teams.create(scope, input),
    }),
    updateTeam: defineCommand({
      name: 'teams.update-team',
      permission: MANAGE,
      input: updateTeamInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/teams/{teamId}', summary: 'Change a team and its members' },
      run: (scope, input) => needs.teams.update(scope, input),
    }),
    listSkills: defineQuery({
      name: 'teams.list-skills',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(skillView) }),
      rest: { method: 'GET', path: '/staff-skills', summary: 'Skills with the people who have them' },
      run: async (scope) => ({ items: await needs.queries.skills(scope) }),
    }),
    createSkill: defineCommand({
      name: 'teams.create-skill',
      permission: MANAGE,
      input: createSkillInput,
      output: z.object({ skillId: idSchema('team-skill') }),
      rest: { method: 'POST', path: '/staff-skills', summary: 'Make a skill' },
      run: (scope, input) => needs.skills.create(scope, input),
    }),
    setSkillLevel: defineCommand({
      name: 'teams.set-skill-level',
      permission: MANAGE,
      input: setSkillLevelInput,
      output: done,
      rest: { method: 'PUT', path: '/staff-skills/{skillId}/levels', summary: 'Say how well somebody knows it' },
      run: async (scope, input) => {
        await needs.skills.setLevel(scope, input);
        return {};
      },
    }),
    listAbsences: defineQuery({
      name: 'teams.list-absences',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(absenceView) }),
      rest: { method: 'GET', path: '/staff-absences', summary: 'Who is away, now and later' },
      run: async (scope) => ({ items: await needs.queries.absences(scope) }),
    }),
    addAbsence: defineCommand({
      name: 'teams.add-absence',
      permission: AWAY,
      input: addAbsenceInput,
      output: z.object({ absenceId: idSchema('team-absence') }),
      rest: { method: 'POST', path: '/staff-absences', summary: 'Say that somebody is away' },
      run: (scope, input) => needs.absences.add(scope, input),
    }),
    endAbsence: defineCommand({
      name: 'teams.end-absence',
      permission: AWAY,
      input: endAbsenceInput,
      output: done,
      rest: { method: 'DELETE', path: '/staff-absences/{absenceId}', summary: 'Say that somebody is back' },
      run: async (scope, input) => {
        await needs.absences.end(scope, input);
        return {};
      },
    }),
  };
}
