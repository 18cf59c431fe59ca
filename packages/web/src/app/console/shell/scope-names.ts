import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { fetchClientCount, fetchClientName } from '#web/app/scope/client-source.ts';

/** What the scope in the URL is called. */
export function createScopeNames(): { readonly label: () => string; readonly count: () => string | undefined } {
  const scope = useScope();
  const client = createRecordQuery({
    key: () => ['tenancy.client', 'one', scope.clientId, 'name'],
    fetch: () => fetchClientName(scope.clientId ?? ''),
    isEnabled: () => scope.clientId !== undefined,
  });
  const count = createRecordQuery({ key: () => ['tenancy.client', 'list', 'count'], fetch: fetchClientCount });
  return {
    /** Of all clients; nothing is done to "all" without saying how many they are. */
    count: () => (scope.clientId === undefined && scope.groupId === undefined ? count.value() : undefined),
    label: () => {
      if (scope.clientId !== undefined)
        return client.value() ?? (client.problem() === undefined ? '…' : 'Unknown client');
      if (scope.groupId !== undefined) return 'A group of clients';
      return 'All clients';
    },
  };
}
