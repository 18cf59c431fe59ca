import { generateSigningKey, importSigningKey, type SigningKey } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox } from '#platform/secrets/secret-box';
import type { EndpointTables } from './endpoint-table.ts';

type Tx = ScopedTransaction<EndpointTables>;

/** The key of each MSP that signs its orders; agents pin it when they enrol. Its private half is sealed, and opened only to sign. */
export class OrderKeys {
  readonly #box: SecretBox;
  readonly #clock: Clock;

  constructor(deps: { box: SecretBox; clock: Clock }) {
    this.#box = deps.box;
    this.#clock = deps.clock;
  }

  /** The MSP's current key, made at its first use. */
  async current(tx: Tx): Promise<SigningKey> {
    const known = await this.#read(tx);
    if (known !== undefined) return known;
    const { key, exported } = await generateSigningKey();
    const id = newId();
    const sealed = await this.#box.seal(tx, placeOf(id), exported);
    await tx.query
      .insertInto('endpoint_order_key')
      .values({
        msp_id: tx.scope.mspId,
        id,
        public_key: key.publicKey,
        sealed_private_key: sealed,
        is_current: true,
        created_at: this.#clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // Somebody else may have made it at the same moment: the one that is stored is the one.
    return (await this.#read(tx)) ?? key;
  }

  async #read(tx: Tx): Promise<SigningKey | undefined> {
    const row = await tx.query
      .selectFrom('endpoint_order_key')
      .selectAll()
      .where('is_current', '=', true)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return importSigningKey((await this.#box.open(tx, placeOf(row.id), row.sealed_private_key)).toString());
  }
}

function placeOf(id: string) {
  return { clientId: null, table: 'endpoint_order_key', rowId: id };
}
