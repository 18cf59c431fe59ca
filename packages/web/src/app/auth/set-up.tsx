import type { JSX } from 'solid-js';
import { AuthFrame } from './auth-frame.tsx';

export function SetUp(): JSX.Element {
  return <AuthFrame name="Bailiwick" title="SetUp">.</AuthFrame>;
}
