import type { VendorAnswer, VendorRequest } from '../support/test-plugin.ts';

/**
 * The vendor of the good plugin for a real socket.
 *
 * @param refuse answers what has to do with signing in; null lets the request through
 */
export function liveVendor(
  refuse: (request: VendorRequest) => VendorAnswer | null,
): (request: VendorRequest) => VendorAnswer {
  const names = new Map<string, string>();
  return (request) => {
    const refusal = refuse(request);
    if (refusal !== null) return refusal;
    const { pathname, searchParams } = new URL(request.path, 'http://vendor');
    if (pathname === '/v1/me') return { json: { email: 'ops@msp.example' } };
    if (pathname === '/v1/sites') {
      const items = ['North', 'South'].map((name) => ({ id: name.toLowerCase(), name }));
      return { json: { items } };
    }
    const [, site = '', list = '', id] = /^\/v1\/sites\/(\w+)\/(devices|alerts)(?:\/(\w+))?$/.exec(pathname) ?? [];
    if (list === 'alerts') return alertsOf(site, Number(searchParams.get('after')));
    if (list !== 'devices') return { status: 404, json: { error: 'not found' } };
    const nameOf = (device: string): string => names.get(`${site}/${device}`) ?? `${site}-pc-${device}`;
    if (id !== undefined) {
      if (request.method === 'PUT') names.set(`${site}/${id}`, (JSON.parse(request.body) as { name: string }).name);
      return { json: { id: Number(id), name: nameOf(id) } };
    }
    const page = Number(searchParams.get('page') ?? 1);
    const items = [1, 2, 3, 4].slice((page - 1) * 2, page * 2).map((at) => ({ id: at, name: nameOf(String(at)) }));
    return { json: { items, ...(page < 2 ? { next: page + 1 } : {}) } };
  };
}

function alertsOf(site: string, after: number): VendorAnswer {
  const ids = [11, 12, 13].filter((id) => id > after).slice(0, 2);
  const items = ids.map((id) => ({ id, title: `Disk full in ${site}`, openedAt: '2026-05-04T11:00:00Z' }));
  return { json: { items, last: ids.at(-1) ?? after } };
}
