import type { JSX } from 'solid-js';
import { moneyText } from './money-text.ts';
import { locale } from '#web/language/language.ts';

/** An amount in minor units with its currency, right for tables: figures of one width, a minus that is a minus. */
export function Money(props: { amountMinor: number; currency: string; class?: string | undefined }): JSX.Element {
  return (
    <span class={`whitespace-nowrap tabular-nums ${props.class ?? ''}`}>
      {moneyText(props.amountMinor, props.currency, locale())}
    </span>
  );
}
