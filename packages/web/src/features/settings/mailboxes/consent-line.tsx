import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { goConsent, type Mailbox } from './mailbox-source.ts';
import { VENDOR_WORDS } from './mailbox-words.ts';

type Consent = NonNullable<Mailbox['consent']>;

/** Whose consent a mailbox is read by, until when, and the way to another one. */
export function ConsentLine(props: { mailbox: Mailbox; consent: Consent; mayConnect: boolean }): JSX.Element {
  const go = createSubmit(() => goConsent(props.mailbox.id));
  const vendor = () => VENDOR_WORDS[props.consent.vendor];
  return (
    <>
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span class="min-w-0 text-muted">
          <ConsentWords consent={props.consent} />
        </span>
        <Show when={props.mayConnect && (props.consent.state !== 'given' || props.consent.problem !== null)}>
          <Button isBusy={go.isBusy()} onClick={go.run}>
            {props.consent.state === 'needed' ? `Connect with ${vendor()}` : 'Connect again'}
          </Button>
        </Show>
      </div>
      <Show when={props.consent.problem}>
        {(problem) => <p class="text-critical-text">The last try came to nothing. {problem()}</p>}
      </Show>
      <FormProblem problem={go.problem()} />
    </>
  );
}

function ConsentWords(props: { consent: Consent }): JSX.Element {
  const vendor = () => VENDOR_WORDS[props.consent.vendor];
  const who = () => props.consent.account ?? 'Somebody';
  return (
    <Show
      when={props.consent.state !== 'needed'}
      fallback={`Nobody has consented at ${vendor()} yet, so nothing is read.`}
    >
      {who()} consented at {vendor()}
      <Show when={props.consent.by}>{(by) => <>, brought by {by()}</>}</Show>
      <Show when={props.consent.at}>
        {(at) => (
          <>
            {' '}
            <RelativeTime iso={at()} />
          </>
        )}
      </Show>
      <Show when={props.consent.state === 'given'} fallback="; it has ended.">
        <Show when={props.consent.endsAt} fallback=".">
          {(endsAt) => (
            <>
              . It ends <RelativeTime iso={endsAt()} />.
            </>
          )}
        </Show>
      </Show>
    </Show>
  );
}
