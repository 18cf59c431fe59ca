import { randomBytes, randomUUID } from 'node:crypto';

import { graphTime } from './clock.ts';
import type { World } from './world.ts';

export interface Subscription {
  readonly id: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly creatorId: string;
  readonly resource: string;
  readonly changeTypes: readonly string[];
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  expiresAt: Temporal.Instant;
  /** Set by reauthorizationRequired until the client renews or reauthorizes; nothing is sent meanwhile. */
  isPaused: boolean;
}

export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';

interface Delivery {
  readonly url: string;
  readonly notification: Readonly<Record<string, unknown>>;
  readonly since: Temporal.Instant;
}

/** "If Microsoft Graph doesn't receive a 2xx class code within 3 seconds, it tries to resend … for up to 4 hours." */
const deliveryTimeoutMs = 3000;
const retryWindow = { hours: 4 } as const;
const validationTimeoutMs = 10_000;

/** Subscriptions, and what is sent to them. */
export class Notifications {
  readonly subscriptions = new Map<string, Subscription>();
  private readonly underWay = new Set<Promise<void>>();
  private unanswered: Delivery[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    for (const tenant of world.tenants.values()) {
      // "Use updated to receive notifications when a user is created, updated, or soft deleted."
      tenant.onUserChange((changed, userId) => this.userChanged(changed.id, userId));
    }
  }

  living(): Subscription[] {
    return [...this.subscriptions.values()].filter((one) => !this.world.clock.isPast(one.expiresAt));
  }

  /** Asks the endpoint to repeat a token as plain text; the reason why it is not valid, or undefined. */
  async validate(url: string): Promise<string | undefined> {
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
    const target = new URL(url);
    target.searchParams.set('validationToken', token);
    try {
      const answer = await fetch(target, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        redirect: 'manual',
        signal: AbortSignal.timeout(validationTimeoutMs),
      });
      const text = await answer.text();
      if (answer.status !== 200) {
        return `Subscription validation request failed. HTTP status code is '${answer.status}'. Notification endpoint must respond with 200 OK to validation request.`;
      }
      const isPlain = (answer.headers.get('Content-Type') ?? '').startsWith('text/plain');
      return isPlain && text === token
        ? undefined
        : 'Subscription validation request failed. Response must exactly match validationToken query parameter.';
    } catch {
      return 'Subscription validation request timed out.';
    }
  }

  sendLifecycleEvent(subscription: Subscription, lifecycleEvent: LifecycleEvent): void {
    if (lifecycleEvent === 'reauthorizationRequired') subscription.isPaused = true;
    if (lifecycleEvent === 'subscriptionRemoved') this.subscriptions.delete(subscription.id);
    if (subscription.lifecycleNotificationUrl === null) return;
    this.send(subscription.lifecycleNotificationUrl, {
      subscriptionId: subscription.id,
      subscriptionExpirationDateTime: graphTime(subscription.expiresAt),
      tenantId: subscription.tenantId,
      clientState: subscription.clientState,
      lifecycleEvent,
    });
  }

  /** Until every notification that is under way was answered or timed out. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Sends again what was not answered with 2xx, unless that is more than four hours ago. */
  async retry(): Promise<void> {
    const again = this.unanswered.filter((one) => !this.world.clock.isPast(one.since.add(retryWindow)));
    this.unanswered = [];
    for (const delivery of again) this.start(delivery);
    await this.settled();
  }

  private userChanged(tenantId: string, userId: string): void {
    for (const subscription of this.living()) {
      if (subscription.tenantId !== tenantId || subscription.isPaused) continue;
      if (!subscription.changeTypes.includes('updated') || !covers(subscription.resource, userId)) continue;
      this.send(subscription.notificationUrl, {
        changeType: 'updated',
        clientState: subscription.clientState,
        resource: `Users/${userId}`,
        resourceData: {
          '@odata.type': '#Microsoft.Graph.User',
          '@odata.id': `Users/${userId}`,
          id: userId,
          organizationId: tenantId,
        },
        subscriptionExpirationDateTime: graphTime(subscription.expiresAt),
        subscriptionId: subscription.id,
        tenantId,
      });
    }
  }

  private send(url: string, notification: Readonly<Record<string, unknown>>): void {
    this.start({ url, notification, since: this.world.clock.now() });
  }

  private start(delivery: Delivery): void {
    const attempt = this.deliver(delivery).finally(() => this.underWay.delete(attempt));
    this.underWay.add(attempt);
  }

  private async deliver(delivery: Delivery): Promise<void> {
    try {
      const answer = await fetch(delivery.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'client-request-id': randomBytes(16).toString('hex'),
        },
        body: JSON.stringify({ value: [delivery.notification] }),
        redirect: 'manual',
        signal: AbortSignal.timeout(deliveryTimeoutMs),
      });
      await answer.arrayBuffer();
      if (!answer.ok) this.unanswered.push(delivery);
    } catch {
      this.unanswered.push(delivery);
    }
  }
}

function covers(resource: string, userId: string): boolean {
  const path = resource.replace(/^\//, '').toLowerCase();
  return path === 'users' || path === `users/${userId}`;
}
