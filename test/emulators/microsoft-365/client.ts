import { customerTenantIds, defaultApplication } from './default-world.ts';
import type { Microsoft365 } from './microsoft-365.ts';

/** What a test reads of an answer of Graph. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphBody;
}

export interface GraphBody {
  readonly [property: string]: unknown;
  readonly value?: { readonly [property: string]: unknown }[];
  readonly error?: { readonly code: string; readonly message: string; readonly innerError: Record<string, string> };
}

/** POSTs to the token endpoint of a tenant; the client's credentials are in unless the form has its own. */
export async function postToken(emulator: Microsoft365, tenant: string, form: Readonly<Record<string, string>>) {
  const { clientId, clientSecret } = defaultApplication;
  const answer = await fetch(`${emulator.loginUrl}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
  });
  return { status: answer.status, body: (await answer.json()) as { readonly [name: string]: unknown } };
}

/** An application's own access token for a tenant. */
export async function applicationToken(
  emulator: Microsoft365,
  tenant: string = customerTenantIds.large,
): Promise<string> {
  const answer = await postToken(emulator, tenant, {
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  });
  return String(answer.body['access_token']);
}

/** Calls Graph; a path begins with a slash after the version, a whole address is taken as it is. */
export async function callGraph(
  emulator: Microsoft365,
  token: string,
  path: string,
  init: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<GraphAnswer> {
  const answer = await fetch(path.startsWith('http') ? path : `${emulator.graphUrl}/v1.0${path}`, {
    method: init.method ?? 'GET',
    headers: {
      Authorization: `Bearer ${token}`,
      ...(init.body !== undefined && { 'Content-Type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as GraphBody };
}

/** Every page of a list, by its next links, and the last page's body. */
export async function readAll(emulator: Microsoft365, token: string, path: string) {
  const items: { readonly [property: string]: unknown }[] = [];
  let pages = 0;
  let next: string | undefined = path;
  let last: GraphBody = {};
  while (next !== undefined) {
    const answer = await callGraph(emulator, token, next);
    if (answer.status !== 200) throw new Error(`${next}: ${answer.status} ${answer.body.error?.message}`);
    items.push(...(answer.body.value ?? []));
    pages += 1;
    last = answer.body;
    next = last['@odata.nextLink'] as string | undefined;
  }
  return { items, pages, last };
}
