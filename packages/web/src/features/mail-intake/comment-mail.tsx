import MailIcon from 'lucide-solid/icons/mail';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { createTicketMails, type TicketMail } from './ticket-mail-source.ts';

/** Beside a comment that came or went by mail: what became of it, and by a click why it is here. Draws nothing for others. */
export function CommentMail(props: { ticketId: string; commentId: string }): JSX.Element {
  const mails = createTicketMails(() => props.ticketId);
  const mail = (): TicketMail | undefined =>
    mails.value()?.mails.find(({ commentId }) => commentId === props.commentId);
  const [isOpen, setOpen] = createSignal(false);
  return (
    <Show when={mail()}>
      {(found) => (
        <>
          <button
            type="button"
            class="inline-flex items-center gap-1 rounded-tag px-1 text-[0.9375em] hover:text-text"
            classList={{
              'text-critical-text': hasFailed(found()),
              'text-muted': !hasFailed(found()),
            }}
            onClick={() => setOpen(true)}
          >
            <MailIcon size={12} /> {stateText(found())}
          </button>
          <Dialog isOpen={isOpen()} onOpenChange={setOpen} title={found().subject || '(no subject)'}>
            <MailDetails mail={found()} />
          </Dialog>
        </>
      )}
    </Show>
  );
}

function hasFailed({ direction, delivery, warnings }: TicketMail): boolean {
  return direction === 'out' && (delivery?.state === 'failed' || warnings.length > 0);
}

function stateText({ direction, delivery, warnings }: TicketMail): string {
  if (direction === 'in') return 'by mail';
  if (warnings.length > 0) return 'mail came back';
  if (delivery === null) return 'mailed';
  if (delivery.state === 'failed') return 'could not be mailed';
  return delivery.state === 'queued' ? 'on its way' : 'mailed';
}

function MailDetails(props: { mail: TicketMail }): JSX.Element {
  return (
    <div class="flex flex-col gap-3">
      <Show
        when={props.mail.delivery}
        fallback={
          <p class="break-words">
            From {props.mail.name === null ? props.mail.address : `${props.mail.name} <${props.mail.address}>`}
          </p>
        }
      >
        {(delivery) => (
          <>
            <p class="break-words">To {delivery().to.join(', ')}</p>
            <Show when={delivery().lastError}>
              {(error) => <p class="break-words text-critical-text">{error()}</p>}
            </Show>
          </>
        )}
      </Show>
      <Sentences title="Why it is on this ticket" sentences={props.mail.why} />
      <Sentences
        title={props.mail.direction === 'out' ? 'What came back' : 'What could not be understood'}
        sentences={props.mail.warnings}
      />
      <Show when={props.mail.mailId}>
        {(mailId) => (
          <a class="underline" href={`/api/v1/inbound-mails/${mailId()}/eml`}>
            Download the mail as it came, with its headers
          </a>
        )}
      </Show>
    </div>
  );
}

function Sentences(props: { title: string; sentences: readonly string[] }): JSX.Element {
  return (
    <Show when={props.sentences.length > 0}>
      <section>
        <h3 class="font-semibold">{props.title}</h3>
        <ul class="flex list-disc flex-col gap-1 pt-1 pl-4 text-muted">
          <For each={props.sentences}>{(sentence) => <li class="break-words">{sentence}</li>}</For>
        </ul>
      </section>
    </Show>
  );
}
