import type { Selectable } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { downloadName } from './file-name.ts';
import { FILE_VISIBILITIES, type FileTables } from './file-table.ts';

/** The id of a stored file. */
export const fileIdSchema = idSchema('file');

/** A file as it leaves the server: what it is, not what it holds. */
export const fileView = z.object({
  id: fileIdSchema,
  clientId: clientIdSchema,
  name: z.string(),
  contentType: z.string(),
  sizeBytes: z.int(),
  visibility: z.enum(FILE_VISIBILITIES),
  uploadedBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type FileView = z.output<typeof fileView>;

export type FileRow = Selectable<FileTables['file']>;

export function toFileView(row: FileRow): FileView {
  return {
    id: row.id,
    clientId: row.client_id,
    name: downloadName(row.name),
    contentType: row.content_type,
    sizeBytes: row.size_bytes,
    visibility: row.visibility,
    uploadedBy: row.uploaded_by_label,
    createdAt: row.created_at.toString(),
  };
}
