import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function SecondFactorScreen(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="SecondFactorScreen">.</AuthFrame>;
}
