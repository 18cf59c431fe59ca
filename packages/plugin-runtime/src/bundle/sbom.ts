import { z } from 'zod';
import { readJsonObject } from './manifest-schema.ts';
import { readChecked } from './read-checked.ts';

const component = z.strictObject({
  type: z.enum(['library', 'application']),
  name: z.string().min(1).max(214),
  version: z.string().min(1).max(100),
  purl: z.string().max(500).exactOptional(),
  licenses: z
    .array(z.strictObject({ expression: z.string().min(1).max(200) }))
    .max(10)
    .exactOptional(),
});

// The part of CycloneDX 1.6 (ECMA-424) that a packer writes. No serial number and no time: they would make two packings differ.
const sbomSchema = z.strictObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  version: z.literal(1),
  metadata: z.strictObject({ component }),
  components: z.array(component).max(2000),
});

/** What is inside the code, as CycloneDX 1.6 in JSON: the plugin itself, and each package that was bundled into it. */
export type Sbom = z.infer<typeof sbomSchema>;

/**
 * Reads `sbom.json` from its text.
 *
 * @throws BundleRefused
 */
export function readSbom(text: string): Sbom {
  return readChecked('sbom.json', sbomSchema, readJsonObject('sbom.json', text));
}
