import { ConfigInvalid, defineStream, VendorBug, type Json } from '@bailiwick/sdk';
import { getObject, type AwsContext } from './api.ts';
import { organization } from './connection.ts';
import { CostLines } from './cost-lines.ts';
import { readRows, textOfFile } from './csv.ts';

/** By billing period: which delivery of it was read last. */
type Read = Readonly<Record<string, string>>;

export const costs = defineStream(organization, {
  name: 'costs',
  label: 'Cost',
  entity: 'cost',
  mode: 'incremental',
  grain: 'connection',
  every: 'PT6H',
  async *read(ctx, cursor) {
    const { costBucket, costExport } = ctx.config;
    if (costBucket === undefined && costExport === undefined) return;
    if (costBucket === undefined) throw new ConfigInvalid('costBucket', 'The cost export needs its bucket.');
    if (costExport === undefined) throw new ConfigInvalid('costExport', 'The cost export needs its name.');
    let done = readCursor(cursor);
    for (const period of openPeriods(ctx.now)) {
      const manifest = await readManifest(ctx, costBucket, costExport, period);
      if (manifest === undefined || done[period] === manifest.version) continue;
      const lines = new CostLines();
      for (const key of manifest.files) await addFile(ctx, costBucket, key, lines);
      let upserts = [];
      for await (const record of lines.records()) {
        upserts.push(record);
        if (upserts.length < 1000) continue;
        yield { upserts };
        upserts = [];
      }
      done = { ...Object.fromEntries(Object.entries(done).slice(-11)), [period]: manifest.version };
      yield { upserts, cursor: done };
    }
  },
});

/** This month and the one before, which AWS corrects for up to two weeks. */
function openPeriods(now: string): readonly string[] {
  const month = Temporal.PlainYearMonth.from(now.slice(0, 7));
  return [month.subtract({ months: 1 }).toString(), month.toString()];
}

function readCursor(cursor: Json | undefined): Read {
  return typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor)
    ? Object.fromEntries(Object.entries(cursor).map(([period, version]) => [period, String(version)]))
    : {};
}

/** The list of a period's files; undefined where nothing was delivered for it yet. It is delivered after all files are. */
async function readManifest(ctx: AwsContext, bucket: string, name: string, period: string) {
  const prefix = ctx.config.costPrefix === undefined ? '' : `${ctx.config.costPrefix.replace(/\/+$/u, '')}/`;
  const key = `${prefix}${name}/metadata/BILLING_PERIOD=${period}/${name}-Manifest.json`;
  const answer = await getObject(ctx, ctx.config.costRegion, `${bucket}/${key}`);
  if (answer === undefined) return undefined;
  const { dataFiles } = answer.json<{ dataFiles?: unknown }>();
  if (!Array.isArray(dataFiles)) throw new VendorBug('The manifest of the cost export lists no files.');
  const files = dataFiles.map((file) => keyOf(String(file), bucket));
  // A delivery overwrites the one before, under the same names: its manifest may be equal to the letter.
  return { version: `${answer.headers['etag'] ?? ''} ${answer.headers['last-modified'] ?? ctx.now}`, files };
}

function keyOf(file: string, bucket: string): string {
  if (!file.startsWith('s3://')) return file.replace(/^\/+/u, '');
  if (file.startsWith(`s3://${bucket}/`)) return file.slice(`s3://${bucket}/`.length);
  throw new VendorBug('The manifest of the cost export names a file in another bucket.');
}

async function addFile(ctx: AwsContext, bucket: string, key: string, lines: CostLines): Promise<void> {
  if (!/\.csv(\.gz)?$/u.test(key))
    throw new ConfigInvalid('costExport', 'The cost export has to be CSV, as it is or compressed with gzip.');
  const answer = await getObject(ctx, ctx.config.costRegion, `${bucket}/${key}`, { timeoutSeconds: 120 });
  if (answer === undefined) throw new VendorBug('The manifest of the cost export names a file that is not there.');
  let columns: readonly string[] | undefined;
  for await (const row of readRows(textOfFile(answer.bytes(), key.endsWith('.gz')))) {
    if (columns === undefined) columns = row;
    else if (row.length !== columns.length) throw new VendorBug('A row of the cost export has too few columns.');
    else lines.add(Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])));
  }
}
