import { z } from 'zod';

/** The versions that this code speaks, newest first. */
export const PROTOCOL_VERSIONS = [1] as const;

/** The version that both sides speak, the highest in common; undefined if there is none. */
export function negotiateVersion(offered: readonly number[]): number | undefined {
  return PROTOCOL_VERSIONS.find((version) => offered.includes(version));
}

/** Where a server listens for agents. */
export const AGENT_PATHS = {
  enrol: '/agent/v1/enroll',
  hello: '/agent/v1/hello',
  reports: '/agent/v1/reports',
  orders: '/agent/v1/orders',
} as const;

/** The body of every refusal (RFC 9457). `serverTime` lets an agent with a wrong clock put its signatures right. */
export const refusalSchema = z.object({
  type: z.string().max(200).optional(),
  title: z.string().max(500).optional(),
  status: z.int().optional(),
  code: z.string().max(100),
  detail: z.string().max(2_000).optional(),
  serverTime: z.iso.datetime({ offset: true }).optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** An instant on the wire: RFC 3339 with an offset. */
export const instantSchema = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time with a zone' });
