/** The protocol between an endpoint agent and a Bailiwick server, version 1. See ../README.md. */
export { canonicalJson } from './canonical-json.ts';
export {
  enrolAnswerSchema,
  enrolmentTokenSchema,
  enrolRequestSchema,
  evidenceSchema,
  signEnrolment,
  verifyEnrolment,
} from './enrolment.ts';
export type { EnrolAnswer, EnrolRequest, Evidence, OrderPolicy } from './enrolment.ts';
export { helloAnswerSchema, helloRequestSchema, MAX_KNOWN_RUNS, streamMarkSchema } from './hello.ts';
export type { HelloAnswer, HelloRequest, StreamMark } from './hello.ts';
export { inventorySchema, servicesSchema, softwareSchema, updatesSchema } from './inventory.ts';
export type { InstalledPackage, Inventory, PendingUpdate, Services, Software, Updates } from './inventory.ts';
export {
  generateSigningKey,
  importSigningKey,
  keyFingerprint,
  publicKeySchema,
  sha256Hex,
  signText,
  verifyText,
} from './keys.ts';
export type { SigningKey } from './keys.ts';
export { LIMITS } from './limits.ts';
export { formatSeries, METRICS, parseSeries, seriesSchema } from './metrics.ts';
export type { MetricDescription, MetricName, MetricUnit, Series } from './metrics.ts';
export { orderOutputSchema, orderResultSchema } from './order-results.ts';
export type { OrderOutput, OrderResult, PackageOutcome } from './order-results.ts';
export {
  CHANGING_ORDERS,
  installUpdatesPayloadSchema,
  ORDER_KINDS,
  ORDER_PAYLOADS,
  ordersAnswerSchema,
  scriptPayloadSchema,
  signOrder,
  verifyOrder,
} from './orders.ts';
export type {
  InstallUpdatesPayload,
  OrderBinding,
  OrderEnvelope,
  OrderKind,
  OrderPayload,
  ScriptPayload,
  SignedOrder,
  VerifiedOrder,
} from './orders.ts';
export { ProtocolError } from './protocol-error.ts';
export { judgeReplay, startRun } from './replay-window.ts';
export type { ReplayProbe, ReplayState, ReplayVerdict } from './replay-window.ts';
export { entryHeadSchema, reportAnswerSchema, reportEntrySchema, reportRequestSchema, STREAMS } from './reports.ts';
export type { EntryOf, MetricSamples, ReportAnswer, ReportEntry, StreamName } from './reports.ts';
export {
  canonicalRequest,
  readSignatureClaim,
  SIGNATURE_HEADERS,
  signRequest,
  verifyRequest,
} from './request-signature.ts';
export type { SignatureClaim, SignedRequest } from './request-signature.ts';
export { boundedText, fitText } from './text.ts';
export { AGENT_PATHS, negotiateVersion, PROTOCOL_VERSIONS, refusalSchema } from './wire.ts';
export type { Refusal } from './wire.ts';
