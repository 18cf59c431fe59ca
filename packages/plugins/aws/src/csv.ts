import { VendorBug } from '@bailiwick/sdk';

/** The text of a data file, piece by piece, so that what is in memory does not grow with the file. */
export async function* textOfFile(bytes: Uint8Array, isCompressed: boolean): AsyncGenerator<string> {
  const whole = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
  const plain = isCompressed ? whole.pipeThrough(new DecompressionStream('gzip')) : whole;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of plain) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw new VendorBug(
      `A file of the cost export cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`,
    );
  }
}

/**
 * The rows of a CSV file (RFC 4180).
 *
 * @throws VendorBug where a quote is not closed
 */
export async function* readRows(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let [row, value, isQuoted, wasQuote]: [string[], string, boolean, boolean] = [[], '', false, false];
  for await (const piece of pieces)
    for (const character of piece) {
      if (isQuoted && !wasQuote) {
        if (character === '"') wasQuote = true;
        else value += character;
        continue;
      }
      // After a quote inside a quoted value: another one is a quote, anything else ends the value.
      if (character === '"') {
        if (wasQuote) value += '"';
        isQuoted = true;
        wasQuote = false;
        continue;
      }
      [isQuoted, wasQuote] = [false, false];
      if (character === ',') {
        row.push(value);
        value = '';
      } else if (character === '\n') {
        yield [...row, value];
        [row, value] = [[], ''];
      } else if (character !== '\r') value += character;
    }
  if (isQuoted && !wasQuote) throw new VendorBug('A file of the cost export ends inside a quoted value.');
  if (row.length > 0 || value !== '') yield [...row, value];
}
