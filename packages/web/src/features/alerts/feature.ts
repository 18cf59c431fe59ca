import Bell from 'lucide-solid/icons/bell';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'alerts',
  routes: [{ path: '/alerts', title: 'Alerts', component: screen(() => import('./alert-list.tsx'), 'AlertList') }],
  nav: [
    {
      label: 'Alerts',
      href: '/alerts',
      icon: Bell,
      group: 'work',
      order: 20,
      permission: 'alerts.read-alerts',
      shortcut: 'g l',
      createCount: () => {
        const counts = createRecordQuery({
          key: () => ['alert', 'list', 'counts', undefined],
          fetch: (signal) => api.alerts.countAlerts.query({}, { signal }),
        });
        return () => {
          const value = counts.value();
          return value === undefined ? undefined : value.critical + value.warning + value.info - value.acknowledged;
        };
      },
    },
  ],
};
