import { z } from 'zod';
import { readJsonObject } from './manifest-schema.ts';
import { readChecked } from './read-checked.ts';

const acceptedSchema = z.strictObject({
  tier: z.enum(['none', 'bronze', 'silver', 'gold']),
  passed: z.int().min(0).max(10_000),
  failed: z.int().min(0).max(10_000),
  notApplicable: z.int().min(0).max(10_000),
  /** Checks that the publisher asks to be excused from, each with the reason. */
  exempt: z.array(z.strictObject({ check: z.string().min(1).max(100), reason: z.string().min(10).max(1000) })).max(100),
});

/** What the acceptance kit found when the plugin was packed. The publisher signed it: it is a claim, not the host's own finding. */
export type Accepted = z.infer<typeof acceptedSchema>;

/**
 * Reads `acceptance.json` from its text.
 *
 * @throws BundleRefused
 */
export function readAccepted(text: string): Accepted {
  return readChecked('acceptance.json', acceptedSchema, readJsonObject('acceptance.json', text));
}
