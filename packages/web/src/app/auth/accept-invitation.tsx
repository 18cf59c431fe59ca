import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function AcceptInvitation(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="AcceptInvitation">.</AuthFrame>;
}
