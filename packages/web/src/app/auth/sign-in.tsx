import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function SignIn(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="SignIn">.</AuthFrame>;
}
