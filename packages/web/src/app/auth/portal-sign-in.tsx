import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function PortalSignIn(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="PortalSignIn">.</AuthFrame>;
}
