import { toProblem } from '#web/app/problem/problem.ts';
import { showProblem } from '#web/ui/toast/toast-store.ts';
import { signOut } from './session-source.ts';

/** Signs out, and leaves by a full load, so that nothing of this person stays in memory. */
export async function leave(signInHref: string): Promise<void> {
  try {
    await signOut();
    location.assign(signInHref);
  } catch (error) {
    showProblem('You are still signed in', toProblem(error).message);
  }
}
