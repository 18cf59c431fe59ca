import { z } from 'zod';
import { makePeerFolder, type PeerFolder, type PeerProcess, startPeerProcess, waitFor } from './peer-process.ts';
import { freePort } from './server-process.ts';

/** Something that Prometheus reads, and the labels its alerts bear. */
export interface ScrapeTarget {
  /** Host and port; read at `/metrics`. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the servers are started with. */
export interface PrometheusOptions {
  /** Where Alertmanager reports what opens and what is resolved. */
  readonly webhook?: { readonly url: string; readonly bearerToken?: string };
  /** Labels of the exporter on this machine; `{ customer: 'acme' }` where absent. */
  readonly exporterLabels?: Readonly<Record<string, string>>;
  /** Besides the exporter. */
  readonly targets?: readonly ScrapeTarget[];
}

/** Prometheus, Alertmanager and a node exporter, on 127.0.0.1. */
export interface PrometheusServers extends AsyncDisposable {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Host and port: the label `instance` of the exporter's alert. */
  readonly exporterAddress: string;
  /** Makes it the one receiver of Alertmanager's, as who edits its file and has it read again. */
  setWebhook(webhook: NonNullable<PrometheusOptions['webhook']>): Promise<void>;
  /** The service that a test breaks: the alert `InstanceDown` opens within about three seconds. */
  stopExporter(): Promise<void>;
  startExporter(): Promise<void>;
  /** What Alertmanager knows as firing or suppressed, silenced ones too. */
  listAlerts(): Promise<AlertmanagerAlert[]>;
}

/** The part of Alertmanager's v2 alert that tests look at. */
export type AlertmanagerAlert = z.infer<typeof alertSchema>;

const alertSchema = z.object({
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  status: z.object({ state: z.string(), silencedBy: z.array(z.string()) }),
});

/**
 * Starts the three, with intervals of a second, so that a test need not wait. The one rule is `InstanceDown`: `up == 0`,
 * severity `critical`.
 */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<PrometheusServers> {
  const running = new AsyncDisposableStack();
  try {
    return await startServers(options, running);
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

async function startServers(options: PrometheusOptions, running: AsyncDisposableStack): Promise<PrometheusServers> {
  const folder = running.adopt(makePeerFolder('prometheus'), (made) => made.remove());
  const ports = { prometheus: await freePort(), alertmanager: await freePort(), exporter: await freePort() };
  const exporterAddress = `127.0.0.1:${ports.exporter}`;
  const prometheusUrl = `http://127.0.0.1:${ports.prometheus}`;
  const alertmanagerUrl = `http://127.0.0.1:${ports.alertmanager}`;
  const start = async (name: string, url: string, command: readonly string[]): Promise<PeerProcess> => {
    const process = running.adopt(startPeerProcess(name, command, { folder }), (started) => started.stop());
    await waitFor(`answer of ${name}`, async () => (await fetch(url)).ok, { process });
    return process;
  };
  const startExporter = (): Promise<PeerProcess> =>
    start('exporter', `http://${exporterAddress}/metrics`, [
      'prometheus-node-exporter',
      `--web.listen-address=${exporterAddress}`,
      '--collector.disable-defaults',
      '--collector.loadavg',
    ]);
  const targets = [
    { address: exporterAddress, labels: options.exporterLabels ?? { customer: 'acme' } },
    ...(options.targets ?? []),
  ];
  let [exporter] = await Promise.all([
    startExporter(),
    start('alertmanager', `${alertmanagerUrl}/-/ready`, [
      'prometheus-alertmanager',
      `--config.file=${writeAlertmanagerSettings(folder, options.webhook)}`,
      `--storage.path=${folder.path}/alertmanager`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      '--cluster.listen-address=',
    ]),
    start('prometheus', `${prometheusUrl}/-/ready`, [
      'prometheus',
      `--config.file=${writePrometheusSettings(folder, { targets, alertmanagerPort: ports.alertmanager })}`,
      `--storage.tsdb.path=${folder.path}/prometheus`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
    ]),
  ]);
  return {
    prometheusUrl,
    alertmanagerUrl,
    exporterAddress,
    setWebhook: async (webhook) => {
      writeAlertmanagerSettings(folder, webhook);
      const answer = await fetch(`${alertmanagerUrl}/-/reload`, { method: 'POST' });
      if (!answer.ok) throw new Error(`Alertmanager refuses its settings: ${await answer.text()}`);
    },
    stopExporter: () => exporter.stop(),
    startExporter: async () => {
      exporter = await startExporter();
    },
    listAlerts: async () => z.array(alertSchema).parse(await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).json()),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

// JSON is YAML, and leaves nothing to quote.
function writeAlertmanagerSettings(folder: PeerFolder, webhook: PrometheusOptions['webhook']): string {
  const receiver = webhook && {
    url: webhook.url,
    send_resolved: true,
    ...(webhook.bearerToken === undefined
      ? {}
      : { http_config: { authorization: { type: 'Bearer', credentials: webhook.bearerToken } } }),
  };
  const settings = {
    route: {
      receiver: 'bailiwick',
      group_by: ['alertname', 'customer'],
      group_wait: '100ms',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [{ name: 'bailiwick', webhook_configs: receiver === undefined ? [] : [receiver] }],
  };
  return folder.write('alertmanager.yml', JSON.stringify(settings));
}

function writePrometheusSettings(
  folder: PeerFolder,
  options: { targets: readonly ScrapeTarget[]; alertmanagerPort: number },
): string {
  const rule = {
    alert: 'InstanceDown',
    expr: 'up == 0',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'Instance {{ $labels.instance }} is down',
      description: 'It has not answered the last request for its metrics.',
    },
  };
  const rules = folder.write('rules.yml', JSON.stringify({ groups: [{ name: 'service', rules: [rule] }] }));
  const settings = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${options.alertmanagerPort}`] }] }],
    },
    scrape_configs: [
      {
        job_name: 'machine',
        static_configs: options.targets.map(({ address, labels }) => ({ targets: [address], labels })),
      },
    ],
  };
  return folder.write('prometheus.yml', JSON.stringify(settings));
}
