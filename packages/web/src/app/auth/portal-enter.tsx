import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function PortalEnter(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="PortalEnter">.</AuthFrame>;
}
