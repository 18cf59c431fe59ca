import { NinjaError } from './ninja-error.ts';
import type { Activity } from './jobs.ts';
import { presentDevice, presentOrganization } from './present.ts';
import type { World } from './world.ts';

/** What `PUT /v2/webhook` takes. */
export interface WebhookConfiguration {
  readonly url: string;
  /** Which status codes of which activity types are told; `*` stands for all. */
  readonly activities: Readonly<Record<string, readonly string[]>>;
  readonly expand: readonly string[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** One delivery, and what came of it. */
export interface WebhookDelivery {
  readonly url: string;
  readonly body: object;
  /** Null where nobody answered. */
  readonly status: number | null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new NinjaError(400, `${name} must be a list of texts.`);
}

/** Reads a configuration, or refuses it. */
export function readWebhookConfiguration(body: unknown): WebhookConfiguration {
  if (!isRecord(body)) throw new NinjaError(400, 'The body must be an object.');
  const url = typeof body['url'] === 'string' && URL.canParse(body['url']) ? body['url'] : undefined;
  if (url === undefined) throw new NinjaError(400, 'url must be an address.');
  const activities = body['activities'] ?? {};
  if (!isRecord(activities)) throw new NinjaError(400, 'activities must be an object.');
  const headers: unknown = body['headers'] ?? [];
  const isHeader = (one: unknown): one is { name: string; value: string } =>
    isRecord(one) && typeof one['name'] === 'string' && typeof one['value'] === 'string';
  if (!Array.isArray(headers) || !headers.every(isHeader))
    throw new NinjaError(400, 'headers must have names and values.');
  return {
    url,
    activities: Object.fromEntries(
      Object.entries(activities).map(([type, codes]) => [type, texts(codes, `activities.${type}`)]),
    ),
    expand: texts(body['expand'], 'expand'),
    headers,
  };
}

/** Tells activities to the address that the client application configured. */
export class WebhookSender {
  configuration: WebhookConfiguration | undefined;
  readonly deliveries: WebhookDelivery[] = [];
  readonly #world: World;
  #last: Promise<void> = Promise.resolve();

  constructor(world: World) {
    this.#world = world;
  }

  send(activity: Activity): void {
    const configuration = this.configuration;
    const codes = configuration?.activities[activity.activityType];
    if (
      configuration === undefined ||
      codes === undefined ||
      !(codes.includes('*') || codes.includes(activity.statusCode))
    )
      return;
    const body = { ...activity, ...this.#expanded(activity, configuration.expand) };
    this.#last = this.#last.then(() => this.#deliver(configuration, body));
  }

  /** Waits until everything that was told is delivered. */
  async settle(): Promise<void> {
    await this.#last;
  }

  #expanded(activity: Activity, expand: readonly string[]): object {
    const device = this.#world.devices.find((one) => one.id === activity.deviceId);
    const organization = this.#world.organizations.find((one) => one.id === device?.organizationId);
    return {
      ...(expand.includes('device') && device !== undefined ? { device: presentDevice(device) } : {}),
      ...(expand.includes('organization') && organization !== undefined
        ? { organization: presentOrganization(organization) }
        : {}),
    };
  }

  async #deliver(configuration: WebhookConfiguration, body: object): Promise<void> {
    let status: number | null = null;
    try {
      const headers = [
        ['content-type', 'application/json'] as const,
        ...configuration.headers.map(({ name, value }) => [name, value] as const),
      ];
      const answer = await fetch(configuration.url, {
        method: 'POST',
        headers: headers.map(([name, value]) => [name, value]),
        body: JSON.stringify(body),
      });
      status = answer.status;
      await answer.body?.cancel();
    } catch {
      // Nobody answered; NinjaOne does not say that it tries again.
    }
    this.deliveries.push({ url: configuration.url, body, status });
  }
}
