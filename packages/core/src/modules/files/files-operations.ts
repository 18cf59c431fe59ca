import { defineDownload, defineQuery, defineUpload } from '#kernel/operation';
import { getFileInput, type FileQueries } from './file-queries.ts';
import { fileView } from './file-view.ts';
import { uploadFileInput, type UploadFile } from './upload-file.ts';

interface Needs {
  readonly files: FileQueries;
  readonly uploadFile: UploadFile;
}

/** What the outside may ask of this module. */
export function filesOperations({ files, uploadFile }: Needs) {
  return {
    uploadFile: defineUpload({
      name: 'files.upload-file',
      permission: 'files.upload-file',
      audience: 'both',
      input: uploadFileInput,
      output: fileView,
      rest: { method: 'POST', path: '/files', summary: 'Upload a file, to be attached to something afterwards' },
      run: (scope, input, upload) => uploadFile.run(scope, input, upload),
    }),
    getFile: defineQuery({
      name: 'files.get-file',
      permission: 'files.read-file',
      input: getFileInput,
      output: fileView,
      rest: { method: 'GET', path: '/files/{fileId}', summary: 'What a file is' },
      run: (scope, input) => files.get(scope, input.fileId),
    }),
    downloadFile: defineDownload({
      name: 'files.download-file',
      permission: 'files.read-file',
      input: getFileInput,
      rest: { method: 'GET', path: '/files/{fileId}/content', summary: 'What a file holds' },
      run: (scope, input) => files.open(scope, input.fileId),
    }),
  };
}
