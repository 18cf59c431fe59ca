import type { ClientId, MspId } from '#kernel/id';
import type { LogoType } from './logo-image.ts';

interface WithLogo {
  logo: Buffer | null;
  logo_type: LogoType | null;
  changed_at: Temporal.Instant;
}

export interface BrandingTables {
  branding_msp: WithLogo & { msp_id: MspId };
  branding_client: WithLogo & {
    msp_id: MspId;
    client_id: ClientId;
    /** In degrees of OKLCH; null for the MSP's. */
    accent_hue: number | null;
  };
}
