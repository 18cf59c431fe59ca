/** Joins the lines that `format=flowed` broke (RFC 3676): a line that ends in a space goes on in the next one of the same quotation depth. */
export function unflow(text: string, isDelSp: boolean): string {
  const result: string[] = [];
  let depth = 0;
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) result.push(quote(depth, open.join('')));
    open = [];
  };
  for (const line of text.split('\n')) {
    let marks = 0;
    while (line[marks] === '>') marks += 1;
    const content = line.slice(line[marks] === ' ' ? marks + 1 : marks);
    // A signature's separator ends in a space and is a line of its own.
    const isSignature = content === '-- ';
    if (marks !== depth || isSignature) close();
    depth = marks;
    const isSoft = content.endsWith(' ') && !isSignature;
    open.push(isSoft && isDelSp ? content.slice(0, -1) : content);
    if (!isSoft) close();
  }
  close();
  return result.join('\n');
}

function quote(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;
}
