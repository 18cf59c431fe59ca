/**
 * Who works together: teams with members and leads, what staff can do how well, and when they are away.
 * Owns: `team` and all tables whose names begin with `team_`.
 */
export { teamsModule } from './teams-module.ts';
export { TeamChoice, ASSIGNMENT_METHODS, type AssignmentMethod, type ChosenMember } from './team-choice.ts';
export { TeamQueries } from './team-queries.ts';
export { Teams } from './teams.ts';
export type { TeamId, TeamSkillId } from './team-table.ts';
