import { randomBytes } from 'node:crypto';
import {
  AGENT_PATHS,
  enrolAnswerSchema,
  enrolmentTokenSchema,
  PROTOCOL_VERSIONS,
  signEnrolment,
  type EnrolAnswer,
  type OrderPolicy,
} from '@bailiwick/agent-protocol';
import { systemClock, type AgentClock } from './clock.ts';
import { collectEvidence, machineHostname } from './inventory-collector.ts';
import { machineFiles } from './machine-files.ts';
import { checkServerUrl, exchange, ServerRefusal } from './server-client.ts';
import { StateFolder, type AgentIdentity } from './state-folder.ts';
import { AGENT_VERSION } from './version.ts';

export interface EnrollAgentOptions {
  readonly stateDir: string;
  readonly serverUrl: string;
  readonly token: string;
  /** `observe` unless given: a machine is changed only where somebody said so. */
  readonly orderPolicy?: OrderPolicy;
  readonly allowsPlainHttp?: boolean;
  readonly clock?: AgentClock;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/**
 * Enrols this machine: makes the key if there is none, proves it, and pins what the server answers. Trying again after a lost answer is safe: the same key under the
 * same token gets the same answer. Throws `ServerRefusal`, and an error if the folder is enrolled already.
 */
export async function enrollAgent(options: EnrollAgentOptions): Promise<AgentIdentity> {
  const { clock = systemClock, orderPolicy = 'observe', signal = AbortSignal.timeout(TIMEOUT_MS) } = options;
  const serverUrl = checkServerUrl(options.serverUrl, { allowsPlainHttp: options.allowsPlainHttp ?? false });
  if (!enrolmentTokenSchema.safeParse(options.token).success)
    throw new Error('The token is not an enrolment token: bwe_ and 43 characters.');
  const state = new StateFolder(options.stateDir);
  const known = state.identity();
  if (known !== undefined)
    throw new Error(
      `${options.stateDir} is enrolled already, as agent ${known.agentId} at ${known.serverUrl}. Remove the folder to enrol anew.`,
    );
  const key = await state.key();
  let offsetMs = 0;
  const ask = async (): Promise<EnrolAnswer> => {
    const request = await signEnrolment(key, {
      protocolVersions: [...PROTOCOL_VERSIONS],
      token: options.token,
      hostname: machineHostname(),
      platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
      agentVersion: AGENT_VERSION,
      evidence: collectEvidence(machineFiles()),
      orderPolicy,
      nonce: randomBytes(16).toString('base64url'),
      timestamp: clock.now().add({ milliseconds: offsetMs }).toString({ fractionalSecondDigits: 3 }),
    });
    const answer = await exchange(
      serverUrl,
      { method: 'POST', path: AGENT_PATHS.enrol, text: JSON.stringify(request), headers: {}, signal },
      (serverTime) => {
        offsetMs = serverTime.epochMilliseconds - clock.now().epochMilliseconds;
      },
    );
    return enrolAnswerSchema.parse(answer);
  };
  const answer = await ask().catch((error: unknown) => {
    if (error instanceof ServerRefusal && error.code === 'agent.clock-skew' && offsetMs !== 0) return ask();
    throw error;
  });
  const { agentId, mspId, clientId, assetId, orderKey, reportIntervalSeconds } = answer;
  const identity: AgentIdentity = {
    serverUrl,
    agentId,
    mspId,
    clientId,
    assetId,
    orderKey,
    orderPolicy,
    reportIntervalSeconds,
  };
  state.saveIdentity(identity);
  return identity;
}
