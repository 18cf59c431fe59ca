/**
 * Fields describe data: a connection's configuration, an action's input, an entity. They are plain JSON, so the host draws
 * forms, checks values and writes documentation from them without running the plugin; TypeScript reads the same fields as types.
 */
export type Field =
  | TextField
  | NumberField
  | BooleanField
  | ChoiceField
  | ListField
  | ObjectField
  | JsonField
  | EntityField;

/** What every field may say of itself. */
export interface FieldNotes {
  /** A person reads this; the field's key in words where absent. */
  readonly label?: string;
  /** One sentence under the field: where to find the value, what it does. */
  readonly help?: string;
  /** The value may be left out. */
  readonly optional?: true;
  /** About a person, or otherwise not for a diagnostics file: the host leaves it out there. */
  readonly private?: true;
}

/** A text. What else it must be is its `kind`. */
export interface TextField extends FieldNotes {
  /**
   * `secret` is stored sealed and never reaches the plugin. `url` is http or https. `decimal` is a number written in digits (`-12.50`), for money and quantities.
   * `instant` is ISO 8601 with its offset, `date` is `YYYY-MM-DD`. `multiline` is a text of several lines.
   */
  readonly kind: 'text' | 'multiline' | 'secret' | 'url' | 'decimal' | 'instant' | 'date';
  /** Longest value in UTF-16 code units; 1,000 where absent. */
  readonly max?: number;
  /** A regular expression, anchored by the host at both ends. */
  readonly pattern?: string;
  readonly example?: string;
  readonly default?: string;
  /** The name of the connection type's `options` function that lists what can be chosen. */
  readonly options?: string;
}

/** A number. `integer` has no fraction. */
export interface NumberField extends FieldNotes {
  readonly kind: 'number' | 'integer';
  readonly min?: number;
  readonly max?: number;
  readonly default?: number;
  /** UCUM code of the unit, such as `By` or `s`. */
  readonly unit?: string;
}

/** Yes or no; drawn as a switch. */
export interface BooleanField extends FieldNotes {
  readonly kind: 'boolean';
  readonly default?: boolean;
}

/** One of a few known texts. */
export interface ChoiceField extends FieldNotes {
  readonly kind: 'choice';
  readonly values: readonly string[];
  readonly default?: string;
}

/** Several values of one kind, in an order that the host keeps. */
export interface ListField extends FieldNotes {
  readonly kind: 'list';
  readonly of: Field;
  /** Most members; 1,000 where absent. */
  readonly max?: number;
}

/** Named values of different kinds, kept together. */
export interface ObjectField extends FieldNotes {
  readonly kind: 'object';
  readonly fields: Shape;
}

/** Any JSON value, at most 64 KiB of it: shown, never interpreted. */
export interface JsonField extends FieldNotes {
  readonly kind: 'json';
}

/** A record that this plugin has delivered, chosen by a person; the value is its id at the vendor. */
export interface EntityField extends FieldNotes {
  readonly kind: 'entity';
  readonly entity: string;
}

/** Named fields: a configuration, an input, the data of a record. */
export type Shape = Readonly<Record<string, Field>>;

/** A JSON value, as it comes from JSON.parse and goes into JSON.stringify. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The TypeScript type of a field's value. */
export type ValueOf<F extends Field> = F extends ChoiceField
  ? F['values'][number]
  : F extends TextField | EntityField
    ? string
    : F extends NumberField
      ? number
      : F extends BooleanField
        ? boolean
        : F extends ListField
          ? readonly ValueOf<F['of']>[]
          : F extends ObjectField
            ? ObjectOf<F['fields']>
            : Json;

type OptionalKeys<S extends Shape> = {
  [K in keyof S]: S[K] extends { readonly optional: true } ? K : never;
}[keyof S];

/**
 * The TypeScript type of an object with these fields.
 *
 * @example
 * const person = { name: field.text(), phone: field.text({ optional: true }) };
 * const ada: ObjectOf<typeof person> = { name: 'Ada' };
 */
export type ObjectOf<S extends Shape> = {
  readonly [K in Exclude<keyof S, OptionalKeys<S>>]: ValueOf<S[K]>;
} & { readonly [K in OptionalKeys<S>]?: ValueOf<S[K]> | undefined };

/** The configuration as the plugin sees it: all fields but the secrets. */
export type ConfigOf<S extends Shape> = ObjectOf<{
  [K in keyof S as S[K] extends { readonly kind: 'secret' } ? never : K]: S[K];
}>;

type Notes<F extends Field> = Omit<F, 'kind'>;

/**
 * Makes fields: one function for each kind, and what else is said of a field as its last argument.
 *
 * @example
 * const config = {
 *   url: field.url({ label: 'Address', example: 'https://monitor.example.com' }),
 *   token: field.secret({ label: 'API token' }),
 *   region: field.choice(['eu', 'us'], { default: 'eu' }),
 * };
 */
export const field = {
  /** A text of one line. */
  text: <const N extends Notes<TextField>>(notes?: N) => ({ kind: 'text', ...notes }) as { readonly kind: 'text' } & N,
  /** A text of several lines. */
  multiline: <const N extends Notes<TextField>>(notes?: N) =>
    ({ kind: 'multiline', ...notes }) as { readonly kind: 'multiline' } & N,
  /** A secret: stored sealed, put into requests by the host, never shown to the plugin. */
  secret: <const N extends Notes<TextField>>(notes?: N) =>
    ({ kind: 'secret', ...notes }) as { readonly kind: 'secret' } & N,
  /** An http or https address. */
  url: <const N extends Notes<TextField>>(notes?: N) => ({ kind: 'url', ...notes }) as { readonly kind: 'url' } & N,
  /** A number in digits, for money and quantities. */
  decimal: <const N extends Notes<TextField>>(notes?: N) =>
    ({ kind: 'decimal', ...notes }) as { readonly kind: 'decimal' } & N,
  /** A point in time, ISO 8601 with its offset. */
  instant: <const N extends Notes<TextField>>(notes?: N) =>
    ({ kind: 'instant', ...notes }) as { readonly kind: 'instant' } & N,
  /** A day, `YYYY-MM-DD`. */
  date: <const N extends Notes<TextField>>(notes?: N) => ({ kind: 'date', ...notes }) as { readonly kind: 'date' } & N,
  /** A number, fractions allowed. */
  number: <const N extends Notes<NumberField>>(notes?: N) =>
    ({ kind: 'number', ...notes }) as { readonly kind: 'number' } & N,
  /** A whole number. */
  integer: <const N extends Notes<NumberField>>(notes?: N) =>
    ({ kind: 'integer', ...notes }) as { readonly kind: 'integer' } & N,
  /** Yes or no. */
  boolean: <const N extends Notes<BooleanField>>(notes?: N) =>
    ({ kind: 'boolean', ...notes }) as { readonly kind: 'boolean' } & N,
  /** One of a few known texts. */
  choice: <const V extends readonly string[], const N extends Omit<Notes<ChoiceField>, 'values'>>(
    values: V,
    notes?: N,
  ) => ({ kind: 'choice', values, ...notes }) as { readonly kind: 'choice'; readonly values: V } & N,
  /** Several values of one kind. */
  list: <const F extends Field, const N extends Omit<Notes<ListField>, 'of'>>(of: F, notes?: N) =>
    ({ kind: 'list', of, ...notes }) as { readonly kind: 'list'; readonly of: F } & N,
  /** Named values. */
  object: <const S extends Shape, const N extends Omit<Notes<ObjectField>, 'fields'>>(fields: S, notes?: N) =>
    ({ kind: 'object', fields, ...notes }) as { readonly kind: 'object'; readonly fields: S } & N,
  /** Any JSON, to be shown only. */
  json: <const N extends Notes<JsonField>>(notes?: N) => ({ kind: 'json', ...notes }) as { readonly kind: 'json' } & N,
  /** A record of this plugin, chosen by a person. */
  entity: <const N extends Omit<Notes<EntityField>, 'entity'>>(entity: string, notes?: N) =>
    ({ kind: 'entity', entity, ...notes }) as { readonly kind: 'entity'; readonly entity: string } & N,
};

/**
 * Names the fields of a connection's configuration. It returns what it is given; its type is what `ctx.config` has.
 *
 * @example
 * const config = defineConfig({ url: field.url(), token: field.secret() });
 */
export function defineConfig<const S extends Shape>(fields: S): S {
  return fields;
}
