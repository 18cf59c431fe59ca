import Mail from 'lucide-solid/icons/mail';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'outbox',
  routes: [{ path: '/mail', title: 'Sent mail', component: screen(() => import('./mail-list.tsx'), 'MailList') }],
  nav: [
    { label: 'Sent mail', href: '/mail', icon: Mail, group: 'platform', order: 15, permission: 'outbox.read-mail' },
  ],
};
