import { useNavigate } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';

const PLACES = {
  invoices: { label: 'Invoices', href: '/billing' },
  contracts: { label: 'Contracts', href: '/billing/contracts' },
  products: { label: 'Products', href: '/billing/products' },
  drift: { label: 'Drift', href: '/billing/drift' },
} as const;

/** The head that billing's screens share: one place, four views. */
export function BillingHead(props: { at: keyof typeof PLACES; actions?: JSX.Element }): JSX.Element {
  const navigate = useNavigate();
  const scoped = useScopedHref();
  return (
    <ScreenHead title="Billing" actions={props.actions}>
      <Tabs
        label="Billing"
        value={props.at}
        onChange={(place) => navigate(scoped(PLACES[place as keyof typeof PLACES].href))}
        items={Object.entries(PLACES).map(([value, { label }]) => ({ value, label }))}
      />
    </ScreenHead>
  );
}
