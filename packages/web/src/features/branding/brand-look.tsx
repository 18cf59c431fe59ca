import ImagePlus from 'lucide-solid/icons/plus';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { sendFile } from '#web/app/api/send-file.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { BrandPreview } from './brand-preview.tsx';

type Brand = Awaited<ReturnType<typeof api.branding.getBrand.query>>;

/** The logo of the MSP, or the logo and colour of one client, with a picture of what they make of the portal. */
export function BrandLook(props: { clientId?: string; name: string; hue: number }): JSX.Element {
  const brand = createRecordQuery({
    key: () => ['branding', 'one', props.clientId],
    fetch: (signal) => api.branding.getBrand.query(ofClient(props.clientId), { signal }),
  });
  return (
    <div class="flex min-h-64 max-w-130 flex-col gap-4">
      <Show when={brand.value()}>
        {(value) => <Look clientId={props.clientId} name={props.name} hue={props.hue} brand={value()} />}
      </Show>
    </div>
  );
}

function Look(props: { clientId: string | undefined; name: string; hue: number; brand: Brand }): JSX.Element {
  const [ownHue, setOwnHue] = createSignal(props.brand.accentHue);
  let picked: File | undefined;
  const changed = async (): Promise<void> => {
    await invalidateTopic('branding');
    showDone('Saved. Contacts see it when they next load a page.');
  };
  const query = () => (props.clientId === undefined ? '' : `?clientId=${props.clientId}`);
  const upload = createSubmit(async () => {
    if (picked === undefined) return;
    await sendFile(`/api/v1/brand/logo${query()}`, picked);
    await changed();
  });
  const remove = createSubmit(async () => {
    await api.branding.removeLogo.mutate(ofClient(props.clientId));
    await changed();
  });
  const colour = createSubmit(async () => {
    await api.branding.setClientColour.mutate({ clientId: props.clientId as never, accentHue: ownHue() });
    await changed();
  });
  const logoHref = () =>
    props.brand.logoVersion === null
      ? undefined
      : `/api/v1/brand/logo${query()}${query() === '' ? '?' : '&'}v=${props.brand.logoVersion}`;
  return (
    <>
      <div class="flex flex-wrap items-center gap-2">
        <label class="inline-flex h-(--control) cursor-pointer items-center gap-2 rounded-control border border-line-control px-3 focus-within:outline-2 focus-within:outline-focus hover:bg-hover">
          <ImagePlus size={14} />
          {logoHref() === undefined ? 'Add a logo' : 'Change the logo'}
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp"
            class="sr-only"
            onChange={(event) => {
              picked = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              upload.run();
            }}
          />
        </label>
        <Show when={logoHref()}>
          <Button kind="quiet" isBusy={remove.isBusy()} onClick={remove.run}>
            Take it away
          </Button>
        </Show>
        <span class="text-muted">PNG, JPEG or WebP, at most 256 kB; shown 26 pixels high.</span>
      </div>
      <Show when={props.clientId !== undefined}>
        <Checkbox
          label="A colour of its own"
          isChecked={ownHue() !== null}
          onChange={(isOwn) => setOwnHue(isOwn ? props.hue : null)}
        />
        <Show when={ownHue() !== null}>
          <input
            type="range"
            min="0"
            max="359"
            aria-label="Hue of the client’s portal"
            class="w-full accent-accent"
            value={ownHue() ?? props.hue}
            onInput={(event) => setOwnHue(Number(event.currentTarget.value))}
          />
        </Show>
        <div>
          <Button isBusy={colour.isBusy()} onClick={colour.run}>
            Save the colour
          </Button>
        </div>
      </Show>
      <FormProblem problem={upload.problem() ?? remove.problem() ?? colour.problem()} />
      <BrandPreview name={props.name} hue={ownHue() ?? props.hue} logoHref={logoHref()} />
    </>
  );
}

function ofClient(clientId: string | undefined): { clientId?: never } {
  return clientId === undefined ? {} : { clientId: clientId as never };
}
