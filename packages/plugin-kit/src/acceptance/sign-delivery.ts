import { createHmac } from 'node:crypto';
import type { RawDelivery } from '@bailiwick/plugin-runtime';
import type { Json, VerifySpec } from '@bailiwick/sdk';

/** What a delivery is made of. */
export interface DeliveryParts {
  readonly verify: VerifySpec;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly config: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly at: number;
}

/** Fills `{secret.x}` and `{config.x}` into a text. */
export function fillIn(text: string, { config, secrets }: Pick<DeliveryParts, 'config' | 'secrets'>): string {
  return text.replaceAll(/\{(secret|config)\.([A-Za-z0-9]+)\}/g, (whole, kind: string, key: string) => {
    const value = kind === 'secret' ? secrets[key] : config[key];
    return typeof value === 'string' ? value : whole;
  });
}

/** The delivery as the vendor would send it: signed, or carrying what is compared. */
export function signDelivery(parts: DeliveryParts): RawDelivery {
  const { verify, query } = parts;
  const body = fillIn(parts.body, parts);
  const raw = (extra: Readonly<Record<string, string>>): RawDelivery => ({
    headers: { 'content-type': 'application/json', ...parts.headers, ...extra },
    query,
    rawBody: Buffer.from(body),
  });
  switch (verify.kind) {
    case 'standard-webhooks': {
      const id = parts.headers['webhook-id'] ?? 'msg_acceptance_1';
      const at = String(parts.at);
      const key = Buffer.from(fillIn(verify.secret, parts).replace(/^whsec_/, ''), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
      return raw({ 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` });
    }
    case 'hmac': {
      const stamp = verify.timestamp === undefined ? {} : { [verify.timestamp.header.toLowerCase()]: String(parts.at) };
      const all: Record<string, string> = { ...lowerCase(parts.headers), ...stamp };
      const signed = verify.signed.replaceAll(/\{body\}|\{header\.([^}]+)\}/g, (place, name: string | undefined) =>
        name === undefined ? body : (all[name.toLowerCase()] ?? place),
      );
      const digest = createHmac(verify.algorithm, fillIn(verify.secret, parts)).update(signed).digest(verify.encoding);
      return raw({ ...stamp, [verify.header.toLowerCase()]: `${verify.prefix ?? ''}${digest}` });
    }
    case 'header':
      return raw({ [verify.name.toLowerCase()]: fillIn(verify.value, parts) });
    case 'basic': {
      const pair = `${fillIn(verify.username, parts)}:${fillIn(verify.password, parts)}`;
      return raw({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    }
    case 'body':
    case 'address':
      return raw({});
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
