import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ClientId, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';

const noteSchema = z.object({
  seed: z.string(),
  state: z.enum(['loading', 'loaded']),
  loadedAt: z.iso.datetime().optional(),
  mspId: z.uuid().optional(),
  /** By the machine's name. */
  machines: z.record(z.string(), z.object({ clientId: z.uuid(), assetId: z.uuid() })).default({}),
});
type StoredNote = z.output<typeof noteSchema>;

/** What a data folder remembers of the demo: whether it is there, and which machines go on reporting. */
export type DemoNote = Omit<StoredNote, 'mspId' | 'machines'> & {
  readonly mspId?: MspId | undefined;
  readonly machines: Readonly<Record<string, { readonly clientId: ClientId; readonly assetId: AssetId }>>;
};

const pathIn = (dataDir: string): string => join(dataDir, 'demo.json');

/** The note, or null in a data folder without a demo. */
export async function readDemoNote(dataDir: string): Promise<DemoNote | null> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(pathIn(dataDir), 'utf8'))) as DemoNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces the note as a whole: a broken-off write leaves the one before. */
export async function writeDemoNote(dataDir: string, note: DemoNote): Promise<void> {
  const path = pathIn(dataDir);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
