import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import { waitFor } from '../support/peer-process.ts';
import { freePort } from '../support/server-process.ts';
import { startWebhookListener, type WebhookListener } from '../support/webhook-listener.ts';
import {
  createZabbixAction,
  createZabbixGroup,
  createZabbixHost,
  createZabbixItem,
  createZabbixMediaType,
  createZabbixToken,
  createZabbixTrigger,
  listZabbixProblems,
  openZabbixApi,
} from '../support/zabbix-api.ts';
import { startZabbix, type ZabbixServer } from '../support/zabbix.ts';

const peer = findPeer('zabbix');

// What the media type runs: JavaScript inside of the Zabbix server.
const script = `var parameters = JSON.parse(value);
var request = new HttpRequest();
request.addHeader('Content-Type: application/json');
request.post(parameters.url, value);
if (request.getStatus() !== 200) throw 'HTTP ' + request.getStatus();
return 'OK';`;

describe.skipIf(peer.path === undefined)(
  `Zabbix of the system${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let listener: WebhookListener;
    let zabbix: ZabbixServer;
    let service: Server | undefined;
    beforeAll(async () => {
      listener = await startWebhookListener();
      zabbix = await startZabbix();
    });
    afterAll(async () => {
      service?.close();
      await zabbix?.[Symbol.asyncDispose]();
      await listener?.[Symbol.asyncDispose]();
    });

    it('takes an API token in the body', async () => {
      const token = await createZabbixToken(zabbix.api, 'bailiwick');

      expect(await openZabbixApi(zabbix.apiUrl, token).call('hostgroup.get', { countOutput: true })).toMatch(/^\d+$/u);
      await expect(openZabbixApi(zabbix.apiUrl, 'f'.repeat(64)).call('hostgroup.get', {})).rejects.toThrow(
        'Not authorized',
      );
    });

    it('opens a problem when a service stops, reports it, and reports the recovery when the service is back', async () => {
      const { api, agentPort } = zabbix;
      const mediaType = await createZabbixMediaType(api, {
        name: 'Listener',
        script,
        parameters: [
          { name: 'url', value: `${listener.url}/problems` },
          { name: 'event', value: '{EVENT.ID}' },
          { name: 'isOpen', value: '{EVENT.VALUE}' },
        ],
      });
      await createZabbixAction(api, 'Listener', mediaType);
      const port = await freePort();
      service = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
      const group = await createZabbixGroup(api, 'Harbour Dental');
      const host = await createZabbixHost(api, { name: 'harbour-files', groupIds: [group], agentPort });
      const key = `net.tcp.service[tcp,127.0.0.1,${port}]`;
      const itemId = await createZabbixItem(api, host, { name: 'File service', key });
      const triggerId = await createZabbixTrigger(api, {
        description: 'File service is down on {HOST.NAME}',
        expression: `last(/harbour-files/${key})=0`,
        priority: 4,
      });
      await waitFor('first value', async () => {
        const items = await api.call('item.get', {
          itemids: itemId,
          output: ['lastvalue'],
          filter: { lastvalue: '1' },
        });
        return JSON.stringify(items).includes('"lastvalue":"1"');
      });

      service.close();
      await once(service, 'close');
      const opened = await waitFor('problem', async () => (await listZabbixProblems(api, triggerId))[0]);
      const reported = await waitFor('report of the problem', async () => listener.received[0]);

      expect(opened).toMatchObject({
        name: 'File service is down on harbour-files',
        severity: '4',
        acknowledged: '0',
        r_eventid: '0',
      });
      expect(reported.body).toMatchObject({ event: opened.eventid, isOpen: '1' });

      service = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
      const recovered = await waitFor('recovery', async () => {
        const [problem] = await listZabbixProblems(api, triggerId);
        return problem?.r_eventid !== '0' && problem;
      });
      const reportedEnd = await waitFor('report of the recovery', async () => listener.received[1]);

      expect(recovered.eventid).toBe(opened.eventid);
      expect(reportedEnd.body).toMatchObject({ event: opened.eventid, isOpen: '0' });
    });
  },
);
