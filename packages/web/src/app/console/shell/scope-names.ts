import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { fetchClientName } from '#web/app/scope/client-source.ts';

/** What the scope in the URL is called. */
export function createScopeNames(): { readonly label: () => string } {
  const scope = useScope();
  const client = createRecordQuery({
    key: () => ['tenancy.client', 'one', scope.clientId, 'name'],
    fetch: () => fetchClientName(scope.clientId ?? ''),
    isEnabled: () => scope.clientId !== undefined,
  });
  return {
    label: () => {
      if (scope.clientId !== undefined)
        return client.value() ?? (client.problem() === undefined ? '…' : 'Unknown client');
      if (scope.groupId !== undefined) return 'A group of clients';
      return 'All clients';
    },
  };
}
