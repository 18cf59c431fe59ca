import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { countClients, fetchClientName, fetchGroupName } from '#web/app/scope/client-source.ts';

/** What the scope in the URL is called, and how many clients "all" are. */
export function createScopeNames(): { readonly label: () => string; readonly count: () => number | undefined } {
  const scope = useScope();
  const client = createRecordQuery({
    key: () => ['tenancy.client', 'one', scope.clientId, 'name'],
    fetch: () => fetchClientName(scope.clientId ?? ''),
    isEnabled: () => scope.clientId !== undefined,
  });
  const group = createRecordQuery({
    key: () => ['tenancy.client-group', 'one', scope.groupId, 'name'],
    fetch: () => fetchGroupName(scope.groupId ?? ''),
    isEnabled: () => scope.groupId !== undefined,
  });
  const count = createRecordQuery({ key: () => ['tenancy.client', 'list', 'count'], fetch: () => countClients() });
  return {
    label: () => {
      if (scope.clientId !== undefined) return client.value() ?? (client.problem() === undefined ? '…' : 'Unknown client');
      if (scope.groupId !== undefined) return group.value() ?? (group.problem() === undefined ? '…' : 'Unknown group');
      return 'All clients';
    },
    count: () => (scope.groupId === undefined ? count.value() : undefined),
  };
}
