/** Joins the lines that `format=flowed` broke (RFC 3676): a line that ends in a space goes on in the next one of the same quotation depth. */
export function unflow(text: string, isDelSp: boolean): string {
  const result: string[] = [];
  let depth = 0;
  let open: string | null = null;
  const close = (): void => {
    if (open !== null) result.push(quote(depth, open));
    open = null;
  };
  for (const line of text.split('\n')) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0;
    const content = line.slice(marks).replace(/^ /, '');
    // A signature's separator ends in a space and is a line of its own.
    const isSignature = content === '-- ';
    if (marks !== depth || isSignature) close();
    depth = marks;
    const isSoft = content.endsWith(' ') && !isSignature;
    open = (open ?? '') + (isSoft && isDelSp ? content.slice(0, -1) : content);
    if (!isSoft) close();
  }
  close();
  return result.join('\n');
}

function quote(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;
}
