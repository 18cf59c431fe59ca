import type { JSX } from 'solid-js';
import { LinkToLogin } from './accept-invitation.tsx';

/** The page of `/setup?token=`, which the terminal prints at the first start. */
export function SetUp(): JSX.Element {
  return (
    <LinkToLogin
      isFirst
      title="Set up Bailiwick"
      lead="You become the first administrator. Everyone else is invited by you."
    />
  );
}
