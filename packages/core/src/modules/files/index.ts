/**
 * Stored files: their names, types, owners and bytes. A file belongs to one client and, once attached, to one thing of another module, which decides who may open it.
 * Owns: `file`.
 */
export { filesModule } from './files-module.ts';
export { contentTypeOf } from './content-type.ts';
export { downloadName } from './file-name.ts';
export { AttachFiles } from './attach-files.ts';
export { StoreFiles, type IncomingFile, type PreparedFile } from './store-files.ts';
export { FileQueries } from './file-queries.ts';
export { UploadFile } from './upload-file.ts';
export { fileIdSchema, fileView, type FileView } from './file-view.ts';
export type { FileId, FileVisibility } from './file-table.ts';
