import { BusinessHours } from '#modules/sla';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { FactsQueries } from './facts-queries.ts';
import { MomentQueries } from './moment-queries.ts';
import { PastQueries } from './past-queries.ts';
import { RuleSurroundings } from './rule-surroundings.ts';

export const ruleConditionsModule = defineModule({
  name: 'rule-conditions',
  tables: [],
  permissions: [],
  register(container) {
    provide(container, MomentQueries, (c) => new MomentQueries({ db: c.resolve(ScopedDb) }));
    provide(container, FactsQueries, (c) => new FactsQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      PastQueries,
      (c) => new PastQueries({ db: c.resolve(ScopedDb), facts: c.resolve(FactsQueries) }),
    );
    provide(
      container,
      RuleSurroundings,
      (c) => new RuleSurroundings({ db: c.resolve(ScopedDb), hours: c.resolve(BusinessHours) }),
    );
  },
  operations: () => ({}),
});
