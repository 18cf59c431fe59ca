import type { z } from 'zod';
import type { LookupScope } from './credential-resolver.ts';
import type { Answered, SignInRequest } from './logins.ts';

/** One thing that somebody without a scope may ask for, mounted as `POST /api/auth/<name>`. */
export interface DoorAction {
  readonly name: string;
  readonly input: z.ZodType;
  run(input: unknown, request: SignInRequest, lookupScope: LookupScope): Promise<Answered<object>>;
}

/** Declares one, with the input's type. */
export function doorAction<Input extends z.ZodType>(
  name: string,
  input: Input,
  run: (input: z.output<Input>, request: SignInRequest, lookupScope: LookupScope) => Promise<Answered<object>>,
): DoorAction {
  return { name, input, run: (value, request, lookupScope) => run(value as z.output<Input>, request, lookupScope) };
}
