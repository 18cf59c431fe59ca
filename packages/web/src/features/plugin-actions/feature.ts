import Zap from 'lucide-solid/icons/zap';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';
import { useSession } from '#web/app/session/session.tsx';
import { waitsForViewer } from './action-words.ts';

export const feature: Feature = {
  name: 'plugin-actions',
  routes: [{ path: '/actions', title: 'Actions', component: screen(() => import('./run-screen.tsx'), 'RunScreen') }],
  nav: [
    {
      label: 'Actions',
      href: '/actions',
      icon: Zap,
      group: 'platform',
      order: 5,
      permission: 'plugin-actions.read-actions',
      shortcut: 'g x',
      createCount: () => {
        const { session, can } = useSession();
        const viewer = () => ({
          id: session().person.id,
          canApprove: can('plugin-actions.approve-actions'),
          canRun: can('plugin-actions.run-actions'),
        });
        const waiting = createRecordQuery({
          key: () => ['plugin-action-run', 'list', 'waiting-count'],
          fetch: (signal) =>
            api['plugin-actions'].listRuns.query({ states: ['waiting', 'unknown'], limit: 100 }, { signal }),
        });
        return () => waiting.value()?.items.filter((run) => waitsForViewer(run, viewer())).length;
      },
    },
  ],
};
