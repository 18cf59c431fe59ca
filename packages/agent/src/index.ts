/** The endpoint agent, for programs that run it themselves. */
export { enrollAgent } from './enroll-agent.ts';
export type { EnrollAgentOptions } from './enroll-agent.ts';
export { runAgent } from './run-agent.ts';
export type { RunAgentOptions } from './run-agent.ts';
