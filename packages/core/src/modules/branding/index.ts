/**
 * The look of the portal: logos, and colours that a client has of its own.
 * Owns: `branding_msp`, `branding_client`.
 */
export { brandingModule } from './branding-module.ts';
