import { useLocation, useNavigate } from '@solidjs/router';

/** What the console looks at: all clients, the clients of a group, or one client. It is in the URL and kept from screen to screen. */
export interface ViewScope {
  readonly clientId: string | undefined;
  readonly groupId: string | undefined;
}

const SCOPE_KEYS = ['client', 'group'] as const;

function single(value: string | string[] | undefined): string | undefined {
  const text = Array.isArray(value) ? value[0] : value;
  return text === '' ? undefined : text;
}

/** The scope in the URL, reactive. Put it in the query key and the input of every list. */
export function useScope(): ViewScope {
  const location = useLocation();
  return {
    get clientId() {
      return single(location.query['client']);
    },
    get groupId() {
      return single(location.query['group']);
    },
  };
}

/** Changes the scope and stays on the screen; an open panel belongs to the old scope and closes. */
export function useChangeScope(): (scope: Partial<ViewScope>) => void {
  const location = useLocation();
  const navigate = useNavigate();
  return (scope) => {
    const query = new URLSearchParams(location.search);
    for (const key of [...SCOPE_KEYS, 'open', 'at']) query.delete(key);
    if (scope.clientId !== undefined) query.set('client', scope.clientId);
    else if (scope.groupId !== undefined) query.set('group', scope.groupId);
    const search = query.toString();
    navigate(`${location.pathname}${search === '' ? '' : `?${search}`}`, { resolve: false, scroll: false });
  };
}

/** `href` with the current scope kept. `useScopedHref()('/tickets?view=mine')` → `/tickets?view=mine&client=…`. */
export function useScopedHref(): (href: string) => string {
  const location = useLocation();
  return (href) => {
    const [path, search] = href.split('?', 2);
    const query = new URLSearchParams(search);
    for (const key of SCOPE_KEYS) {
      const value = single(location.query[key]);
      if (value !== undefined && !query.has('client') && !query.has('group')) query.set(key, value);
    }
    const text = query.toString();
    return `${path}${text === '' ? '' : `?${text}`}`;
  };
}
