/**
 * Agents on clients' machines: enrolment, identity, reports in, signed orders out.
 * Owns: all tables whose names begin with `endpoint_`.
 */
export { endpointsModule } from './endpoints-module.ts';
/** Begins an agent's run. */
export { AcceptHello } from './accept-hello.ts';
/** Stores reports and acknowledges them. */
export { AcceptReports } from './accept-reports.ts';
/** Makes an enrolment token. */
export { CreateEnrolmentToken } from './create-enrolment-token.ts';
/** Where reports go that later modules own. */
export type { ReportOrigin, ReportSink, SampleBatch } from './endpoint-needs.ts';
export type { AgentId, EnrolmentTokenId, OrderId } from './endpoint-table.ts';
/** Makes a machine an agent of a client. */
export { EnrolAgent } from './enrol-agent.ts';
/** Signs an order and queues it. */
export { QueueOrder, type QueueOrderInput } from './queue-order.ts';
/** The token under which composition registers the report sink. */
export { ReportSinkToken } from './report-sink-token.ts';
/** Answers an agent's poll for orders. */
export { TakeOrders } from './take-orders.ts';
