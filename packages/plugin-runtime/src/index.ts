export type { Accepted } from './bundle/accepted.ts';
export { MAX_BUNDLE_BYTES } from './bundle/archive.ts';
export { BundleRefused, type BundleRefusal } from './bundle/bundle-refused.ts';
export {
  checkPlugin,
  packBundle,
  readBundle,
  type Bundle,
  type BundleDocument,
  type BundleParts,
} from './bundle/bundle.ts';
export { capabilitiesInWords, capabilityDiff, type CapabilityDiff, type CapabilitySentence } from './bundle/consent.ts';
export { readDescription } from './bundle/description-schema.ts';
export { egressField } from './bundle/egress-pattern.ts';
export { readManifest } from './bundle/manifest-schema.ts';
export { generatePublisherKey, loadPublisherKey, type PublisherKey } from './bundle/publisher-key.ts';
export type { Sbom } from './bundle/sbom.ts';
export type { BoundHttp, BrokerConnection, BrokerOptions, CallBinding } from './broker/broker-types.ts';
export { systemClock, type BrokerClock } from './broker/clock.ts';
export { MemoryCredentialStore, type CredentialKey, type CredentialStore } from './broker/credential-store.ts';
export type { Exchange, RecordedBody, Recorder } from './broker/exchange.ts';
export { HttpBroker } from './broker/http-broker.ts';
export {
  beginConsent,
  finishConsent,
  startConsent,
  type ConsentAnswer,
  type ConsentStart,
} from './broker/oauth-code.ts';
export { REDACTED, Redactor } from './broker/redactor.ts';
export { scanForSecrets, type SecretFinding } from './broker/secret-scan.ts';
export type {
  ActionDescription,
  ConnectionDescription,
  FrameDescription,
  PluginDescription,
  StreamDescription,
  SubscriberDescription,
  ViewDescription,
  WebhookDescription,
} from './description.ts';
export { classifyAddress, isInNetwork, type AddressKind } from './egress/address.ts';
export { EgressFailed, EgressRefused, type EgressFailure, type RefusalReason } from './egress/egress-error.ts';
export { Egress, type EgressOptions } from './egress/egress.ts';
export {
  checkUrl,
  egressPolicy,
  originsToApprove,
  type EgressApprovals,
  type EgressPolicy,
  matchesHost,
} from './egress/policy.ts';
export { systemResolve, type Resolve } from './egress/resolve.ts';
export type { CarriedCredential, Transport, TransportRequest, TransportResponse } from './egress/transport.ts';
export {
  CallFailed,
  type Binding,
  type BrokeredRequest,
  type BrokeredResponse,
  type Call,
  type CallAnswers,
  type CallOptions,
  type FailureName,
  type PullAnswers,
  type PullCall,
  type RunningPlugin,
  type Services,
} from './invocation.ts';
export type { BatchCounts, NormalBatch, NormalRecord, PassResult, StreamStore } from './stream-store.ts';
export { canonicalJson, jsonHash } from './rules/canonical-json.ts';
export {
  checkCheckResult,
  checkIssue,
  checkOptions,
  checkOutcome,
  checkPlan,
  checkResult,
  checkRoute,
  checkScopes,
  checkVerification,
  planHash,
} from './rules/check-answers.ts';
export { checkBlocks } from './rules/check-blocks.ts';
export { checkValue, type Checked, type FieldError } from './rules/check-value.ts';
export { discoverScopes } from './rules/discover-scopes.ts';
export {
  batchLimits,
  normaliseBatch,
  type NormalisedBatch,
  type RecordScopes,
  type RefusedRecord,
} from './rules/normalise-batch.ts';
export { runPass, type PassBudget, type PassInput, type PassReport } from './rules/run-pass.ts';
export {
  answerHandshake,
  verifyDelivery,
  type DeliverySecrets,
  type RawDelivery,
  type VerifiedDelivery,
} from './rules/verify-delivery.ts';
export { sandboxLayers, type SandboxLayers } from './sandbox/layers.ts';
export { PluginPool, type PoolOptions } from './sandbox/plugin-pool.ts';
export type { SandboxLine } from './sandbox/sandbox-process.ts';
export { describePlugin, describeUnchecked, startPlugin, type StartOptions } from './sandbox/start-plugin.ts';
