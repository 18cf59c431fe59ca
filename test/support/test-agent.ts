import { randomBytes, randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import {
  AGENT_PATHS,
  enrolAnswerSchema,
  generateSigningKey,
  signEnrolment,
  signRequest,
  type EnrolAnswer,
  type EnrolRequest,
  type SigningKey,
} from '@bailiwick/agent-protocol';
import type { Clock } from '../../packages/core/src/kernel/clock.ts';

/** What an agent says on the wire, without the agent: for tests that must also say it wrongly. */
export class TestAgent {
  readonly #http: Hono;
  readonly #clock: Clock;
  key!: SigningKey;
  identity!: EnrolAnswer;
  runId: string = randomUUID();
  previousRunIds: string[] = [];
  counter = 0;
  readonly epoch: string = randomUUID();

  constructor(http: Hono, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** A copy that shares the key: what somebody has who copied the state folder. */
  copy(): TestAgent {
    const copy = new TestAgent(this.#http, this.#clock);
    copy.key = this.key;
    copy.identity = this.identity;
    return copy;
  }

  async enrolmentRequest(token: string, changes: Partial<EnrolRequest> = {}): Promise<EnrolRequest> {
    this.key ??= (await generateSigningKey()).key;
    return signEnrolment(this.key, {
      protocolVersions: [1],
      token,
      hostname: 'srv-01',
      platform: 'linux',
      agentVersion: '0.1.0',
      evidence: { machineId: randomBytes(16).toString('hex'), macAddresses: [] },
      orderPolicy: 'allow',
      nonce: randomBytes(16).toString('base64url'),
      timestamp: this.#clock.now().toString({ fractionalSecondDigits: 3 }),
      ...changes,
    });
  }

  async enrol(token: string, changes: Partial<EnrolRequest> = {}): Promise<Response> {
    const body = JSON.stringify(await this.enrolmentRequest(token, changes));
    const response = await this.post(AGENT_PATHS.enrol, body, {});
    if (response.status === 201) this.identity = enrolAnswerSchema.parse(await response.clone().json());
    return response;
  }

  async hello(): Promise<Response> {
    this.runId = randomUUID();
    this.counter = 0;
    const response = await this.signed('POST', AGENT_PATHS.hello, {
      protocolVersions: [1],
      agentVersion: '0.1.0',
      previousRunIds: this.previousRunIds,
      hostname: 'srv-01',
      orderPolicy: 'allow',
    });
    if (response.ok) this.previousRunIds = [this.runId];
    return response;
  }

  report(entries: readonly unknown[]): Promise<Response> {
    return this.signed('POST', AGENT_PATHS.reports, { entries });
  }

  orders(wait = 0): Promise<Response> {
    return this.signed('GET', `${AGENT_PATHS.orders}?wait=${wait}`);
  }

  /** An entry of a stream at its place. */
  entry(stream: string, sequence: number, data: unknown, at = this.#clock.now()): object {
    return { stream, epoch: this.epoch, sequence, at: at.toString(), data };
  }

  async signed(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    const { headers, text } = await this.sign(method, path, body);
    return method === 'GET' ? Promise.resolve(this.#http.request(path, { headers })) : this.post(path, text, headers);
  }

  async sign(method: string, path: string, body?: unknown): Promise<{ headers: Record<string, string>; text: string }> {
    const text = body === undefined ? '' : JSON.stringify(body);
    this.counter += 1;
    const headers = await signRequest(this.key, {
      method,
      path,
      body: text,
      agentId: this.identity.agentId,
      timestamp: this.#clock.now().toString({ fractionalSecondDigits: 3 }),
      runId: this.runId,
      counter: this.counter,
    });
    return { headers, text };
  }

  post(path: string, text: string, headers: Record<string, string>): Promise<Response> {
    return Promise.resolve(
      this.#http.request(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: text,
      }),
    );
  }
}
