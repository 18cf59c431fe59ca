/** Why a packed plugin is refused. Each is stable: the console and the acceptance kit tell them apart by it. */
export type BundleRefusal =
  | 'too-large'
  | 'not-a-bundle'
  | 'compressed'
  | 'bad-path'
  | 'unexpected-file'
  | 'missing-file'
  | 'not-canonical'
  | 'bad-signature'
  | 'bad-json'
  | 'bad-field'
  | 'unknown-field'
  | 'wrong-sdk-api'
  | 'install-script'
  | 'bad-code'
  | 'node-import'
  | 'outside-import'
  | 'code-from-text'
  | 'beyond-capabilities'
  | 'unknown-reference'
  | 'egress-too-wide'
  | 'egress-missing';

/** A packed plugin that is not taken. `field` says where: the file, and the place in it as a path (`plugin.json/egress/0`). */
export class BundleRefused extends Error {
  readonly code: BundleRefusal;
  readonly field: string;

  constructor(code: BundleRefusal, field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = 'BundleRefused';
    this.code = code;
    this.field = field;
  }
}
