import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { Absences } from './absences.ts';
import { Skills } from './skills.ts';
import { TeamChoice } from './team-choice.ts';
import { teamOperations } from './team-operations.ts';
import { teamPermissions } from './team-policy.ts';
import { TeamQueries } from './team-queries.ts';
import { Teams } from './teams.ts';

export const teamsModule = defineModule({
  name: 'teams',
  tables: ['team'],
  permissions: teamPermissions,
  register(container) {
    provide(container, Teams, (c) => new Teams(shared(c)));
    provide(container, Skills, (c) => new Skills(shared(c)));
    provide(container, Absences, (c) => new Absences(shared(c)));
    provide(container, TeamQueries, (c) => new TeamQueries(shared(c)));
    provide(container, TeamChoice, (c) => new TeamChoice({ clock: c.resolve(ClockToken) }));
  },
  operations: (c) =>
    teamOperations({
      queries: c.resolve(TeamQueries),
      teams: c.resolve(Teams),
      skills: c.resolve(Skills),
      absences: c.resolve(Absences),
    }),
});

function shared(c: DependencyContainer) {
  return { db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail), clock: c.resolve(ClockToken) };
}
