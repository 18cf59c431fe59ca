import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Field } from '#web/ui/field/field.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';

/** Whom and what a ticket is about. */
export interface About {
  readonly client?: Choice;
  readonly contact?: Choice;
  readonly asset?: Choice;
}

/** Absent instead of undefined, as the type has it. */
function without(about: { [Name in keyof About]: About[Name] | undefined }): About {
  return Object.fromEntries(Object.entries(about).filter(([, choice]) => choice !== undefined));
}

const search = (text: string) => (text === '' ? {} : { search: text });

/** The client first; then its people and machines. Another client has others, so that choosing one forgets them. */
export function WhoFields(props: {
  about: About;
  onChange: (about: About) => void;
  wrong: (field: string) => string | undefined;
}): JSX.Element {
  return (
    <>
      <Field class="col-span-2" label="Client" isRequired error={props.wrong('clientId')}>
        {(control) => (
          <Combobox
            control={control}
            value={props.about.client}
            onChange={(choice) => props.onChange(choice === undefined ? {} : { client: choice })}
            placeholder="Type to find a client"
            find={async (text) => (await findClients(text)).map(({ id, name }) => ({ id, label: name }))}
          />
        )}
      </Field>
      <Field label="Contact" error={props.wrong('contactId')}>
        {(control) => (
          <Combobox
            control={control}
            value={props.about.contact}
            onChange={(contact) => props.onChange(without({ ...props.about, contact }))}
            key={props.about.client?.id}
            isDisabled={props.about.client === undefined}
            placeholder={props.about.client === undefined ? 'Client first' : 'Who asks'}
            find={async (text) =>
              (
                await api.tenancy.listContacts.query({
                  clientId: props.about.client?.id as never,
                  limit: 20,
                  ...search(text),
                })
              ).items.map(({ id, name, email }) => ({ id, label: name, detail: email }))
            }
          />
        )}
      </Field>
      <Field label="Asset" error={props.wrong('assetId')}>
        {(control) => (
          <Combobox
            control={control}
            value={props.about.asset}
            onChange={(asset) => props.onChange(without({ ...props.about, asset }))}
            key={props.about.client?.id}
            isDisabled={props.about.client === undefined}
            placeholder={props.about.client === undefined ? 'Client first' : 'What it is about'}
            find={async (text) =>
              (
                await api.assets.listAssets.query({
                  clientId: props.about.client?.id as never,
                  limit: 20,
                  ...search(text),
                })
              ).items.map(({ id, name, operatingSystem }) => ({ id, label: name, detail: operatingSystem }))
            }
          />
        )}
      </Field>
    </>
  );
}
