import type { InjectionToken } from 'tsyringe';
import type { FileStore } from './file-store.ts';

/** Where files are kept. */
export const FileStoreToken: InjectionToken<FileStore> = Symbol('FileStore');
