import MailQuestion from 'lucide-solid/icons/mail-question-mark';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'mail-intake',
  routes: [
    {
      path: '/mail-to-place',
      title: 'Mail to place',
      component: screen(() => import('./quarantine-list.tsx'), 'QuarantineList'),
    },
  ],
  nav: [
    {
      label: 'Mail to place',
      href: '/mail-to-place',
      icon: MailQuestion,
      group: 'work',
      order: 15,
      permission: 'mail-intake.place-mail',
      createCount: () => {
        const count = createRecordQuery({
          key: () => ['inbound-mail', 'list', 'count'],
          fetch: (signal) => api['mail-intake'].countQuarantine.query({}, { signal }),
        });
        return () => count.value()?.waiting;
      },
    },
  ],
};
