import { useSearchParams } from '@solidjs/router';

/** How one key of a screen's state is written in the URL. */
export interface UrlField<Value> {
  readonly read: (text: string | undefined) => Value;
  // A method, so that a field of few words fits where any text does (bivariance).
  write(value: Value): string | undefined;
}

/** A text; absent in the URL while it equals `fallback`. */
export function textField(fallback = ''): UrlField<string> {
  return { read: (text) => text ?? fallback, write: (value) => (value === fallback ? undefined : value) };
}

/** A text or nothing, such as the id of the open panel. */
export function optionalField(): UrlField<string | undefined> {
  return { read: (text) => (text === '' ? undefined : text), write: (value) => value };
}

/** One of a few words. Anything else in the URL reads as `fallback`: people edit URLs. */
export function choiceField<const Choice extends string>(
  choices: readonly Choice[],
  fallback: NoInfer<Choice>,
): UrlField<Choice> {
  return {
    read: (text) => choices.find((choice) => choice === text) ?? fallback,
    write: (value) => (value === fallback ? undefined : value),
  };
}

type Fields = Readonly<Record<string, UrlField<never>>>;
type ValueOf<Field> = Field extends UrlField<infer Value> ? Value : never;
type UrlState<Spec> = { readonly [Key in keyof Spec]: ValueOf<Spec[Key]> };

/**
 * State that lives in the URL: filters, sort, the open panel. Reading is reactive; `set` replaces the history entry
 * unless `push` is asked for (opening a panel is a step that Back undoes, typing in a filter is not).
 */
export function createUrlState<
  const Spec extends Readonly<Record<string, UrlField<never> | UrlField<string> | UrlField<string | undefined>>>,
>(
  spec: Spec,
): readonly [state: UrlState<Spec>, set: (change: Partial<UrlState<Spec>>, how?: 'replace' | 'push') => void] {
  const [params, setParams] = useSearchParams();
  const fields = spec as unknown as Fields;
  const state = {} as UrlState<Spec>;
  for (const [key, field] of Object.entries(fields)) {
    Object.defineProperty(state, key, {
      enumerable: true,
      get: () => {
        const text = params[key];
        return field.read(Array.isArray(text) ? text[0] : text);
      },
    });
  }
  const set = (change: Partial<UrlState<Spec>>, how: 'replace' | 'push' = 'replace'): void => {
    const written = Object.entries(change).map(([key, value]) => [key, fields[key]?.write(value as never) ?? null]);
    setParams(Object.fromEntries(written), { replace: how === 'replace', scroll: false });
  };
  return [state, set];
}
