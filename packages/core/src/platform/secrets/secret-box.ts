import { randomBytes } from 'node:crypto';
import { UnavailableError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { decrypt, encrypt, type KeyRing } from './key-ring.ts';

/** Where a secret lives. It opens only there: a ciphertext copied to another row, table, client or MSP is refused. */
export interface SecretPlace {
  readonly clientId: ClientId | null;
  readonly table: string;
  readonly rowId: string;
}

interface DataKeyRow {
  readonly id: string;
  readonly wrapped_by: string;
  readonly wrapped: Buffer;
}

const FORMAT = 1;
const HEADER_BYTES = 17;
/** Unwrapped keys kept in memory; beyond it the oldest is unwrapped again when next needed. */
const MAX_CACHED_KEYS = 500;

/** Seals what must not be readable in the database, under the MSP's own data key, which the install's secret key wraps. */
export class SecretBox {
  readonly #ring: KeyRing;
  readonly #unwrapped = new Map<string, Buffer>();

  constructor(deps: { ring: KeyRing }) {
    this.#ring = deps.ring;
  }

  /** The ciphertext to store at `place`; it carries the id of its data key. */
  async seal(tx: AnyTransaction, place: SecretPlace, plaintext: string | Buffer): Promise<Buffer> {
    const row = (await this.#newestKey(tx)) ?? (await this.#makeKey(tx));
    const header = Buffer.concat([Buffer.of(FORMAT), Buffer.from(row.id.replaceAll('-', ''), 'hex')]);
    const body = encrypt(this.#unwrap(tx, row), Buffer.from(plaintext), contextOf(tx, place, row.id));
    return Buffer.concat([header, body]);
  }

  /** What was sealed at `place`. Throws `secrets.not-authentic`, `secrets.unknown-key`. */
  async open(tx: AnyTransaction, place: SecretPlace, sealed: Buffer): Promise<Buffer> {
    if (sealed[0] !== FORMAT || sealed.length < HEADER_BYTES)
      throw new UnavailableError('secrets.not-authentic', 'A stored secret is not in a form that we write.');
    const hex = sealed.subarray(1, HEADER_BYTES).toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const [row] = await tx.sql<DataKeyRow>(
      'select id, wrapped_by, wrapped from secret_data_key where msp_id = $1 and id = $2',
      [tx.scope.mspId, id],
    );
    if (row === undefined)
      throw new UnavailableError('secrets.not-authentic', 'A stored secret names a key that this MSP does not have.');
    return decrypt(this.#unwrap(tx, row), sealed.subarray(HEADER_BYTES), contextOf(tx, place, id));
  }

  /** Wraps the MSP's data keys under the current secret key; what they sealed stays as it is. Answers how many were wrapped by another. */
  async rewrap(tx: AnyTransaction): Promise<number> {
    const rows = await tx.sql<DataKeyRow>(
      'select id, wrapped_by, wrapped from secret_data_key where msp_id = $1 and wrapped_by <> $2 for update',
      [tx.scope.mspId, this.#ring.current.id],
    );
    for (const row of rows) {
      const key = this.#unwrap(tx, row);
      await tx.sql('update secret_data_key set wrapped_by = $3, wrapped = $4 where msp_id = $1 and id = $2', [
        tx.scope.mspId,
        row.id,
        this.#ring.current.id,
        encrypt(this.#ring.current.key, key, wrapContext(tx, row.id)),
      ]);
    }
    return rows.length;
  }

  async #newestKey(tx: AnyTransaction): Promise<DataKeyRow | undefined> {
    const [row] = await tx.sql<DataKeyRow>(
      'select id, wrapped_by, wrapped from secret_data_key where msp_id = $1 order by id desc limit 1',
      [tx.scope.mspId],
    );
    return row;
  }

  /** Two first secrets at once may make two keys; both stay, and each ciphertext names its own. */
  async #makeKey(tx: AnyTransaction): Promise<DataKeyRow> {
    const id = newId();
    const { current } = this.#ring;
    const row = { id, wrapped_by: current.id, wrapped: encrypt(current.key, randomBytes(32), wrapContext(tx, id)) };
    await tx.sql('insert into secret_data_key (msp_id, id, wrapped_by, wrapped) values ($1, $2, $3, $4)', [
      tx.scope.mspId,
      row.id,
      row.wrapped_by,
      row.wrapped,
    ]);
    return row;
  }

  #unwrap(tx: AnyTransaction, row: DataKeyRow): Buffer {
    const known = this.#unwrapped.get(row.id);
    if (known !== undefined) return known;
    const key = decrypt(this.#ring.byId(row.wrapped_by).key, row.wrapped, wrapContext(tx, row.id));
    const oldest = this.#unwrapped.keys().next().value;
    if (this.#unwrapped.size >= MAX_CACHED_KEYS && oldest !== undefined) this.#unwrapped.delete(oldest);
    this.#unwrapped.set(row.id, key);
    return key;
  }
}

function wrapContext(tx: AnyTransaction, keyId: string): string {
  return JSON.stringify(['data key', tx.scope.mspId, keyId]);
}

function contextOf(tx: AnyTransaction, place: SecretPlace, keyId: string): string {
  return JSON.stringify(['secret', tx.scope.mspId, place.clientId, place.table, place.rowId, keyId]);
}
