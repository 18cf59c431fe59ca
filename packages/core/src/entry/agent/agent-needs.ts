import type {
  EnrolAnswer,
  EnrolRequest,
  HelloAnswer,
  HelloRequest,
  ReportAnswer,
  SignatureClaim,
  SignedOrder,
} from '@bailiwick/agent-protocol';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

/** A signed request as it came in, not yet believed. */
export interface SignedAgentRequest {
  readonly claim: SignatureClaim;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

/** What the door needs of the domain; composition gives it. */
export interface AgentDoorNeeds {
  /** Where a token or an agent's id leads, or null. */
  findRoute(
    kind: 'enrolment-token' | 'agent',
    secret: string,
  ): Promise<{ mspId: MspId; clientId: ClientId | null; subjectId: string } | null>;
  enrol(scope: TenantScope, tokenId: string, request: EnrolRequest): Promise<EnrolAnswer>;
  hello(scope: TenantScope, agentId: string, request: SignedAgentRequest, hello: HelloRequest): Promise<HelloAnswer>;
  reports(
    scope: TenantScope,
    agentId: string,
    request: SignedAgentRequest,
    /** Read only once the request is believed. */
    readEntries: () => readonly unknown[],
  ): Promise<ReportAnswer>;
  orders(
    scope: TenantScope,
    agentId: string,
    request: SignedAgentRequest,
    wait: { seconds: number; signal: AbortSignal },
  ): Promise<SignedOrder[]>;
}
