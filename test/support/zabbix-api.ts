import { z } from 'zod';

/** Calls Zabbix's JSON-RPC API as one user. */
export interface ZabbixApi {
  readonly url: string;
  call(method: string, params: unknown): Promise<unknown>;
}

const answerSchema = z.union([
  z.object({ result: z.unknown() }),
  z.object({ error: z.object({ message: z.string(), data: z.string() }) }),
]);

/**
 * Opens the API with a session or an API token; neither is needed for `apiinfo.version` and `user.login`.
 *
 * @throws Error from `call` with the server's own message
 */
export function openZabbixApi(url: string, auth?: string): ZabbixApi {
  return {
    url,
    call: async (method, params) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json-rpc' },
        // Up to 6.0 the credential is a member of the body; a header is not read.
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params, ...(auth === undefined ? {} : { auth }) }),
      });
      const answer = answerSchema.parse(await response.json());
      if ('error' in answer) throw new Error(`${method}: ${answer.error.message} ${answer.error.data}`);
      return answer.result;
    },
  };
}

/** Logs in; a new installation has `Admin` with the password `zabbix`. */
export async function logInToZabbix(url: string): Promise<ZabbixApi> {
  const credentials = { username: 'Admin', password: 'zabbix' };
  return openZabbixApi(url, z.string().parse(await openZabbixApi(url).call('user.login', credentials)));
}

/** Makes a token that does not expire, for the user that is logged in. */
export async function createZabbixToken(api: ZabbixApi, name: string): Promise<string> {
  const { tokenids } = z.object({ tokenids: ids }).parse(await api.call('token.create', { name }));
  return z.tuple([z.object({ token: z.string() })]).parse(await api.call('token.generate', tokenids))[0].token;
}

/** Makes a host group and returns its id. */
export async function createZabbixGroup(api: ZabbixApi, name: string): Promise<string> {
  return z.object({ groupids: ids }).parse(await api.call('hostgroup.create', { name })).groupids[0];
}

/** What a host is made of. */
export interface ZabbixHostInput {
  readonly name: string;
  readonly groupIds: readonly string[];
  readonly agentPort: number;
  /** By the inventory's own field names, such as `serialno_a` and `macaddress_a`. */
  readonly inventory?: Readonly<Record<string, string>>;
}

/** Where a check of a host hangs. */
export interface ZabbixHost {
  readonly hostId: string;
  readonly name: string;
  readonly interfaceId: string;
}

/** Makes a host that is read through the agent on this machine. */
export async function createZabbixHost(api: ZabbixApi, input: ZabbixHostInput): Promise<ZabbixHost> {
  const created = await api.call('host.create', {
    host: input.name,
    groups: input.groupIds.map((groupid) => ({ groupid })),
    interfaces: [{ type: 1, main: 1, useip: 1, ip: '127.0.0.1', dns: '', port: String(input.agentPort) }],
    // Kept by hand (0), or none at all (-1).
    inventory_mode: input.inventory === undefined ? -1 : 0,
    ...(input.inventory === undefined ? {} : { inventory: input.inventory }),
  });
  const [hostId] = z.object({ hostids: ids }).parse(created).hostids;
  const interfaces = await api.call('hostinterface.get', { hostids: hostId, output: ['interfaceid'] });
  const [{ interfaceid }] = z.tuple([z.object({ interfaceid: z.string() })]).parse(interfaces);
  return { hostId, name: input.name, interfaceId: interfaceid };
}

/** Makes an item of whole numbers that the agent answers every second; returns its id. */
export async function createZabbixItem(
  api: ZabbixApi,
  host: ZabbixHost,
  item: { name: string; key: string; units?: string },
): Promise<string> {
  const created = await api.call('item.create', {
    hostid: host.hostId,
    interfaceid: host.interfaceId,
    name: item.name,
    key_: item.key,
    // An agent that is asked, whole numbers.
    type: 0,
    value_type: 3,
    delay: '1s',
    units: item.units ?? '',
  });
  return z.object({ itemids: ids }).parse(created).itemids[0];
}

/** Makes a trigger that may be closed by hand; returns its id. `priority` is 0 (not classified) to 5 (disaster). */
export async function createZabbixTrigger(
  api: ZabbixApi,
  trigger: { description: string; expression: string; priority: number; tags?: { tag: string; value: string }[] },
): Promise<string> {
  const created = await api.call('trigger.create', { ...trigger, manual_close: 1 });
  return z.object({ triggerids: ids }).parse(created).triggerids[0];
}

/** Makes a media type of the kind webhook; returns its id. */
export async function createZabbixMediaType(
  api: ZabbixApi,
  webhook: { name: string; script: string; parameters: readonly { name: string; value: string }[] },
): Promise<string> {
  const messages = [0, 1, 2].map((recovery) => ({
    eventsource: 0,
    recovery,
    subject: webhook.name,
    message: webhook.name,
  }));
  const created = await api.call('mediatype.create', {
    name: webhook.name,
    type: 4,
    script: webhook.script,
    parameters: webhook.parameters,
    timeout: '5s',
    message_templates: messages,
  });
  return z.object({ mediatypeids: ids }).parse(created).mediatypeids[0];
}

/** Imports a media type from the YAML of an export; returns its id. */
export async function importZabbixMediaType(api: ZabbixApi, name: string, yaml: string): Promise<string> {
  const rules = { mediaTypes: { createMissing: true, updateExisting: true } };
  await api.call('configuration.import', { format: 'yaml', source: yaml, rules });
  const found = await api.call('mediatype.get', { filter: { name }, output: ['mediatypeid'] });
  return z.tuple([z.object({ mediatypeid: z.string() })]).parse(found)[0].mediatypeid;
}

/** Sends what opens, is updated and recovers through a media type; the user `Admin` is its recipient. */
export async function createZabbixAction(api: ZabbixApi, name: string, mediatypeid: string): Promise<void> {
  // `Admin` is user 1 of a new installation.
  const userid = '1';
  await api.call('user.update', { userid, medias: [{ mediatypeid, sendto: 'bailiwick' }] });
  const send = { operationtype: 0, opmessage: { default_msg: 1, mediatypeid }, opmessage_usr: [{ userid }] };
  await api.call('action.create', {
    name,
    eventsource: 0,
    esc_period: '1h',
    operations: [send],
    recovery_operations: [send],
    update_operations: [send],
  });
}

/** Sets a global macro, whose value the API does not give back. */
export async function createZabbixSecret(api: ZabbixApi, macro: string, value: string): Promise<void> {
  await api.call('usermacro.createglobal', { macro, value, type: 1 });
}

/** A problem as the API gives it; `r_eventid` is not `0` once it has recovered. */
export type ZabbixProblem = z.infer<typeof problemSchema>;

const problemSchema = z.object({
  eventid: z.string(),
  objectid: z.string(),
  name: z.string(),
  severity: z.string(),
  acknowledged: z.enum(['0', '1']),
  r_eventid: z.string(),
  acknowledges: z.array(z.object({ message: z.string(), action: z.string() })),
});

/** The problems of a trigger, open and lately recovered, newest first. */
export async function listZabbixProblems(api: ZabbixApi, triggerId: string): Promise<ZabbixProblem[]> {
  const problems = await api.call('problem.get', {
    objectids: triggerId,
    recent: true,
    output: 'extend',
    selectAcknowledges: 'extend',
    sortfield: ['eventid'],
    sortorder: 'DESC',
  });
  return z.array(problemSchema).parse(problems);
}

const ids = z.tuple([z.string()]);
