import { fileURLToPath } from 'node:url';
import Pdf from 'pdfkit';
import { oklch } from './accent-color.ts';
import type { DocumentLine, InvoiceDocument } from './invoice-document.ts';

// Inter (SIL Open Font License 1.1) as TrueType: pdfkit cannot take single glyphs out of WOFF2.
const FONTS = {
  regular: fileURLToPath(import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf')),
  strong: fileURLToPath(import.meta.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf')),
} as const;

/** A4 in points, and the frame that text keeps to. */
const PAGE = { width: 595.28, height: 841.89, left: 52, right: 543.28, top: 52, bottom: 770 } as const;
const WIDTH = PAGE.right - PAGE.left;
const INK = '#1c2230';
const MUTED = '#5b6472';
const LINE = '#dfe3e8';

type Doc = PDFKit.PDFDocument;

/** Prints an invoice on A4. The same document gives the same bytes. */
export async function invoicePdf(invoice: InvoiceDocument): Promise<Uint8Array<ArrayBuffer>> {
  const doc = open(invoice);
  const ended = collect(doc);
  head(doc, invoice);
  parties(doc, invoice);
  linesTable(doc, invoice);
  sums(doc, invoice);
  payment(doc, invoice);
  appendix(doc, invoice);
  everyPage(doc, invoice);
  doc.end();
  return ended;
}

function open(invoice: InvoiceDocument): Doc {
  const at = invoice.date.toZonedDateTime('UTC').epochMilliseconds;
  const doc = new Pdf({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    pdfVersion: '1.7',
    lang: 'en',
    info: {
      Title: `${invoice.title} ${invoice.number ?? '(draft)'}`,
      Author: invoice.issuer.name,
      // pdfkit wants the one type that nothing else here uses.
      CreationDate: new globalThis.Date(at),
      ModDate: new globalThis.Date(at),
    },
  });
  doc.registerFont('regular', FONTS.regular);
  doc.registerFont('strong', FONTS.strong);
  return doc;
}

async function collect(doc: Doc): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of doc as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

interface Style {
  readonly font?: keyof typeof FONTS;
  readonly size?: number;
  readonly color?: string;
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

/** Writes at a place and returns the y below it. Figures are tabular, so that columns of money line up. */
function write(doc: Doc, text: string, x: number, y: number, style: Style = {}): number {
  const { font = 'regular', size = 9, color = INK, width = WIDTH, align = 'left' } = style;
  doc.font(font).fontSize(size).fillColor(color);
  const options: PDFKit.Mixins.TextOptions = { width, align, lineGap: size * 0.22, features: ['tnum', 'kern'] };
  doc.text(text, x, y, options);
  return y + heightOf(doc, text, style);
}

function heightOf(doc: Doc, text: string, style: Style): number {
  const { font = 'regular', size = 9, width = WIDTH } = style;
  doc.font(font).fontSize(size);
  return doc.heightOfString(text, { width, lineGap: size * 0.22 });
}

function rule(doc: Doc, y: number, color: string = LINE, weight = 0.6): void {
  doc.moveTo(PAGE.left, y).lineTo(PAGE.right, y).lineWidth(weight).strokeColor(color).stroke();
}

function head(doc: Doc, invoice: InvoiceDocument): void {
  const accent = oklch(0.45, 0.09, invoice.accentHue);
  doc.rect(0, 0, PAGE.width, 5).fill(accent);
  doc.roundedRect(PAGE.left, PAGE.top, 26, 26, 6).fill(accent);
  const initial = Array.from(invoice.issuer.name)[0]?.toUpperCase() ?? '';
  doc.font('strong').fontSize(14).fillColor('#ffffff');
  doc.text(initial, PAGE.left, PAGE.top + 5.2, { width: 26, align: 'center' });
  write(doc, invoice.issuer.name, PAGE.left + 36, PAGE.top + 4.5, { font: 'strong', size: 13, width: 260 });
  write(doc, invoice.title, PAGE.left, PAGE.top - 1, { font: 'strong', size: 20, align: 'right' });
  if (invoice.number !== null)
    write(doc, invoice.number, PAGE.left, PAGE.top + 25, { size: 10, color: MUTED, align: 'right' });
}

function parties(doc: Doc, invoice: InvoiceDocument): void {
  const top = 124;
  write(doc, 'Billed to', PAGE.left, top, { size: 8, color: MUTED });
  let left = write(doc, invoice.recipient.name, PAGE.left, top + 14, { font: 'strong', size: 10.5, width: 200 }) + 1;
  if (invoice.recipient.address !== '')
    left = write(doc, invoice.recipient.address, PAGE.left, left, { size: 9, width: 200 });
  if (invoice.recipient.taxNumber !== '')
    left = write(doc, invoice.recipient.taxNumber, PAGE.left, left + 2, { size: 8.5, color: MUTED, width: 200 });
  let middle = top;
  for (const [name, value] of invoice.facts) {
    write(doc, name, 270, middle, { size: 8, color: MUTED, width: 56 });
    middle = write(doc, value, 326, middle - 0.8, { size: 9, width: 92 }) + 5;
  }
  const box = { x: 428, width: PAGE.right - 428, height: 74 };
  doc.roundedRect(box.x, top - 10, box.width, box.height, 8).fill(oklch(0.965, 0.014, invoice.accentHue));
  write(doc, invoice.total.label, box.x + 12, top, { size: 8, color: MUTED, width: box.width - 24 });
  const size = invoice.total.amount.length > 11 ? 13 : 17;
  write(doc, invoice.total.amount, box.x + 12, top + 13, {
    font: 'strong',
    size,
    color: oklch(0.38, 0.09, invoice.accentHue),
    width: box.width - 20,
  });
  write(doc, invoice.total.hint, box.x + 12, top + 40, { size: 8, color: MUTED, width: box.width - 24 });
  doc.y = Math.max(left, middle, top + box.height) + 22;
}

const COLUMNS = [
  { title: 'Description', x: PAGE.left, width: 226, align: 'left' },
  { title: 'Quantity', x: 282, width: 66, align: 'right' },
  { title: 'Price', x: 352, width: 88, align: 'right' },
  { title: 'Tax', x: 442, width: 34, align: 'right' },
  { title: 'Amount', x: 478, width: PAGE.right - 478, align: 'right' },
] as const;

function tableHead(doc: Doc): void {
  const y = doc.y;
  for (const column of COLUMNS)
    write(doc, column.title, column.x, y, { size: 8, color: MUTED, width: column.width, align: column.align });
  rule(doc, y + 15, INK, 0.8);
  doc.y = y + 23;
}

function linesTable(doc: Doc, invoice: InvoiceDocument): void {
  tableHead(doc);
  for (const line of invoice.lines) {
    const note = line.evidence === null ? line.reason : `${line.reason}. Listed in the appendix.`;
    const height =
      heightOf(doc, line.description, { font: 'strong', size: 9.5, width: COLUMNS[0].width }) +
      heightOf(doc, note, { size: 8, width: COLUMNS[0].width }) +
      18;
    if (doc.y + height > PAGE.bottom) {
      nextPage(doc);
      tableHead(doc);
    }
    const y = doc.y;
    const below = write(doc, line.description, COLUMNS[0].x, y, { font: 'strong', size: 9.5, width: COLUMNS[0].width });
    write(doc, note, COLUMNS[0].x, below + 1.5, { size: 8, color: MUTED, width: COLUMNS[0].width });
    const cells = [line.quantity, line.unitPrice, line.taxRate, line.amount];
    for (const [index, cell] of cells.entries()) {
      const column = COLUMNS[index + 1];
      if (column !== undefined) write(doc, cell, column.x, y + 0.4, { width: column.width, align: 'right' });
    }
    rule(doc, y + height - 8);
    doc.y = y + height;
  }
}

function sums(doc: Doc, invoice: InvoiceDocument): void {
  const height = invoice.sums.length * 17 + 40;
  if (doc.y + height > PAGE.bottom) nextPage(doc);
  let y = doc.y + 6;
  for (const [name, amount] of invoice.sums) {
    write(doc, name, 300, y, { color: MUTED, width: 170, align: 'right' });
    write(doc, amount, 478, y, { width: PAGE.right - 478, align: 'right' });
    y += 17;
  }
  doc
    .moveTo(300, y + 1)
    .lineTo(PAGE.right, y + 1)
    .lineWidth(0.8)
    .strokeColor(INK)
    .stroke();
  write(doc, invoice.total.label, 260, y + 9, { font: 'strong', size: 10.5, width: 170, align: 'right' });
  write(doc, invoice.total.amount, 432, y + 8, { font: 'strong', size: 12, width: PAGE.right - 432, align: 'right' });
  doc.y = y + 44;
}

function payment(doc: Doc, invoice: InvoiceDocument): void {
  const blocks = [
    ['How to pay', invoice.issuer.bankDetails],
    ['Note', invoice.note],
  ].filter((block): block is [string, string] => block[1] !== '');
  for (const [title, text] of blocks) {
    const height = heightOf(doc, text, { width: 300 }) + 30;
    if (doc.y + height > PAGE.bottom) nextPage(doc);
    const y = write(doc, title, PAGE.left, doc.y, { size: 8, color: MUTED });
    doc.y = write(doc, text, PAGE.left, y + 2, { width: 300 }) + 14;
  }
}

/** What stands behind each line: a page of its own, so that the invoice itself stays short. */
function appendix(doc: Doc, invoice: InvoiceDocument): void {
  const counted = invoice.lines.filter((line) => line.evidence !== null);
  if (counted.length === 0) return;
  nextPage(doc);
  doc.y = write(doc, 'What was counted', PAGE.left, doc.y, { font: 'strong', size: 15 }) + 3;
  doc.y = write(doc, 'Each line of the invoice, with the list behind it.', PAGE.left, doc.y, { color: MUTED }) + 16;
  for (const line of counted) evidence(doc, line);
}

/** Shares of the width, by the number of columns. */
const SHARES: Readonly<Record<number, readonly number[]>> = {
  4: [0.4, 0.18, 0.2, 0.22],
  5: [0.15, 0.28, 0.2, 0.1, 0.27],
};

function evidence(doc: Doc, line: DocumentLine): void {
  const { columns, rows } = line.evidence ?? { columns: [], rows: [] };
  const shares = SHARES[columns.length] ?? columns.map(() => 1 / columns.length);
  const places = shares.map((share, index) => ({
    x: PAGE.left + WIDTH * shares.slice(0, index).reduce((sum, part) => sum + part, 0),
    width: WIDTH * share - 8,
  }));
  const titles = (): void => {
    const y = doc.y;
    for (const [index, title] of columns.entries())
      write(doc, title, places[index]?.x ?? 0, y, { size: 7.5, color: MUTED, width: places[index]?.width ?? 0 });
    rule(doc, y + 13);
    doc.y = y + 18;
  };
  if (doc.y + 80 > PAGE.bottom) nextPage(doc);
  const heading = doc.y;
  write(doc, `${line.quantity} · ${line.amount}`, PAGE.left, heading + 0.6, { color: MUTED, align: 'right' });
  doc.y = write(doc, line.description, PAGE.left, heading, { font: 'strong', size: 10, width: WIDTH - 150 }) + 6;
  titles();
  for (const row of rows) {
    const height = Math.max(
      ...row.map((cell, index) => heightOf(doc, cell, { size: 8, width: places[index]?.width ?? 0 })),
    );
    if (doc.y + height > PAGE.bottom) {
      nextPage(doc);
      titles();
    }
    const y = doc.y;
    for (const [index, cell] of row.entries())
      write(doc, cell, places[index]?.x ?? 0, y, { size: 8, width: places[index]?.width ?? 0 });
    doc.y = y + height + 3.5;
  }
  doc.y += 18;
}

function nextPage(doc: Doc): void {
  doc.addPage();
  doc.y = PAGE.top;
}

/** Foot and, for a draft, the mark: written last, when the number of pages is known. */
function everyPage(doc: Doc, invoice: InvoiceDocument): void {
  const { start, count } = doc.bufferedPageRange();
  const ours = [
    invoice.issuer.name,
    invoice.issuer.address.replaceAll(/\s*\n\s*/g, ', '),
    invoice.issuer.taxNumber,
    invoice.issuer.footer.replaceAll(/\s*\n\s*/g, ' '),
  ].filter((part) => part !== '');
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(start + page);
    rule(doc, 788);
    write(doc, ours.join('  ·  '), PAGE.left, 795, { size: 7.5, color: MUTED, width: WIDTH - 70 });
    write(doc, `${page + 1} of ${count}`, PAGE.left, 795, { size: 7.5, color: MUTED, align: 'right' });
    if (invoice.number === null) draftMark(doc);
  }
}

function draftMark(doc: Doc): void {
  doc.save().rotate(-35, { origin: [PAGE.width / 2, PAGE.height / 2] });
  doc.font('strong').fontSize(110).fillColor('#8a94a3').fillOpacity(0.13);
  doc.text('DRAFT', 0, PAGE.height / 2 - 60, { width: PAGE.width, align: 'center', lineBreak: false });
  doc.restore().fillOpacity(1);
}
