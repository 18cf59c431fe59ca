import { AwsError } from './errors.ts';

/** The parameters of the query protocol: flat names such as `Filter.1.Value.2`. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Iterable<readonly [string, string]>) {
    this.#values = new Map(values);
  }

  /** One value. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** One value that must be there. */
  need(name: string): string {
    const value = this.get(name);
    if (value === undefined || value === '')
      throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
    return value;
  }

  /** A whole number within bounds; the fallback where it is absent. */
  count(name: string, bounds: { min: number; max: number; fallback: number }): number {
    const value = this.get(name);
    if (value === undefined) return bounds.fallback;
    const count = Number(value);
    if (!Number.isInteger(count) || count < bounds.min || count > bounds.max) {
      const range = `must be between ${bounds.min} and ${bounds.max}`;
      throw new AwsError('InvalidParameterValue', `Value ( ${value} ) for parameter ${name} is invalid. It ${range}.`);
    }
    return count;
  }

  /** `true` or `false`; false where it is absent. */
  flag(name: string): boolean {
    return this.get(name) === 'true';
  }

  /** The values `name.1`, `name.2`, … */
  list(name: string): readonly string[] {
    const values: string[] = [];
    for (let index = 1; ; index += 1) {
      const value = this.get(`${name}.${index}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** The structures `name.1.*`, `name.2.*`, … */
  structures(name: string): readonly Parameters[] {
    const found: Parameters[] = [];
    for (let index = 1; ; index += 1) {
      const prefix = `${name}.${index}.`;
      const inside = [...this.#values].filter(([key]) => key.startsWith(prefix));
      if (inside.length === 0) return found;
      found.push(new Parameters(inside.map(([key, value]) => [key.slice(prefix.length), value])));
    }
  }
}
