import { Parser } from 'htmlparser2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, htmlOfText, makeRichText } from './rich-text.ts';

const ID = '0190a0b0-0000-7000-8000-000000000001';

/** Every hostile thing that a browser would do, found again in what was kept. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (
        /^(?:script|style|iframe|object|embed|form|input|svg|math|link|meta|base|template|noscript|video|audio)$/.test(
          name,
        )
      )
        found.push(name);
      for (const [attribute, value] of Object.entries(attributes)) {
        if (/^on|^srcset$|^formaction$|^id$|^name$/.test(attribute)) found.push(`${name} ${attribute}`);
        if (attribute === 'href' && !/^(?:https?|mailto|tel):/i.test(value)) found.push(`href ${value}`);
        if (
          attribute === 'src' &&
          !/^(?:attachment:[0-9a-f-]{36}$|data:image\/(?:png|gif|jpe?g|webp);base64,)/i.test(value)
        )
          found.push(`src ${value}`);
        if (attribute === 'style' && /url|expression|position|import|@/i.test(value)) found.push(`style ${value}`);
      }
    },
  });
  parser.end(html);
  return found;
}

const HOSTILE = [
  '<script>alert(1)</script>x',
  '<img src=x onerror=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg/onload=alert(1)>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<img src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">',
  '<img src="attachment:../../secrets">',
  '<p style="position:fixed;background:url(https://evil.example/x)">x</p>',
  '<p style="color:red;width:expression(alert(1))">x</p>',
  '<style>@import "https://evil.example";</style>x',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<base href="https://evil.example/"><a href="x">y</a>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<span data-mention="javascript:1">x</span>',
  '<template><img src=x onerror=alert(1)></template>',
  '<select><option><style></option></select><img src=x onerror=alert(1)></style>',
  '<p id="location" name="x">x</p>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<!--><img src=x onerror=alert(1)>-->',
];

describe('makeRichText', () => {
  it.each(HOSTILE)('makes %j harmless', (html) => {
    const once = makeRichText(html).html;
    expect(dangers(once)).toEqual([]);
    expect(makeRichText(once).html).toBe(once);
  });

  it('stays harmless and stays itself for any mixture of hostile pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string()), { maxLength: 6 }), (pieces) => {
        const once = makeRichText(pieces.join('')).html;
        expect(dangers(once)).toEqual([]);
        expect(makeRichText(once).html).toBe(once);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps what an editor makes, and says which files and people it names', () => {
    const html =
      `<h2>Do this</h2><ul><li><p><strong>First</strong> <a href="https://example.com/">look</a></p></li></ul><pre><code class="language-sh">ls</code></pre>` +
      `<p><span data-mention="${ID}">@Ana</span> <img src="attachment:${ID}" alt="Shot" width="300" /></p>`;
    const rich = makeRichText(html);
    expect(rich.html).toContain('<code class="language-sh">ls</code>');
    expect(rich.html).toContain(`<span data-mention="${ID}">@Ana</span>`);
    expect(rich.html).toContain(`<img src="attachment:${ID}" alt="Shot" width="300" />`);
    expect(rich).toMatchObject({ fileIds: [ID], mentionIds: [ID] });
    expect(rich.text).toBe('Do this\n\n- First look <https://example.com/>\n\nls\n\n@Ana [Shot]');
  });

  it('makes a link of a remote image, so that looking tells nobody', () => {
    expect(makeRichText('<p>See <img src="https://tracker.example/x.gif" alt="Map"></p>').html).toBe(
      '<p>See <a href="https://tracker.example/x.gif" rel="noopener noreferrer nofollow" target="_blank">Image: Map</a></p>',
    );
  });

  it('takes ten thousand mentions and 400,000 letters in its stride', () => {
    const started = performance.now();
    const { mentionIds } = makeRichText(`<p>${`<span data-mention="${ID}">@A</span> `.repeat(10_000)}</p>`);
    makeRichText('<b>'.repeat(130_000));
    expect(mentionIds).toEqual([ID]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('htmlOfText', () => {
  it('shows any text as it is', () => {
    expect(htmlOfText('a <b>\nc\n\n& "d"')).toBe('<p>a &lt;b&gt;<br />c</p><p>&amp; &quot;d&quot;</p>');
    expect(makeRichText(`<p>${escapeHtml('<script>&amp;')}</p>`).text).toBe('<script>&amp;');
  });
});
