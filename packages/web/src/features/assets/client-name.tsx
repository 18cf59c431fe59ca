import type { JSX } from 'solid-js';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { fetchClientName } from '#web/app/scope/client-source.ts';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';

/** A client by its id. The name is read once for all rows, and many names in one request. */
export function ClientName(props: { id: string; class?: string }): JSX.Element {
  const name = createRecordQuery({
    key: () => ['tenancy.client', 'one', props.id, 'name'],
    fetch: () => fetchClientName(props.id),
  });
  return <ClientDot id={props.id} name={name.value() ?? '…'} class={props.class} />;
}
