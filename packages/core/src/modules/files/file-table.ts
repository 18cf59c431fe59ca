import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { FileKey } from '#platform/files/file-store';

export type FileId = Id<'file'>;
/** Who of a client may see it at all: everybody, its own IT people, or nobody. */
export const FILE_VISIBILITIES = ['public', 'client_it', 'internal'] as const;
/** Who of a client may read a file. */
export type FileVisibility = (typeof FILE_VISIBILITIES)[number];
/** `pending` while its bytes arrive, `kept` once they are safe, `removing` while they are taken away. */
export type FileState = 'pending' | 'kept' | 'removing';

export interface FileTables {
  file: {
    msp_id: MspId;
    id: FileId;
    client_id: ClientId;
    visibility: FileVisibility;
    state: FileState;
    /** As the sender called it: text to show, never a path. */
    name: string;
    content_type: string;
    size_bytes: number;
    sha256: string;
    storage_key: FileKey;
    owner_kind: string | null;
    owner_id: string | null;
    uploaded_by_id: string;
    uploaded_by_label: string;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
}
