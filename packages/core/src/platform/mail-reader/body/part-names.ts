import type { MimePart } from './mime-tree.ts';

/** What the mail calls a part, in whichever of two places. */
export function nameOf(part: MimePart): string | undefined {
  const name = part.disposition.parameters.get('filename') ?? part.type.parameters.get('name');
  return name?.trim() === '' ? undefined : name;
}

/** Without angle brackets; null where it has none. */
export function contentIdOf(part: MimePart): string | null {
  const id = part.fields.get('content-id')?.replaceAll(/^<|>$/g, '').trim() ?? '';
  return id === '' ? null : id.slice(0, 998).toWellFormed();
}
