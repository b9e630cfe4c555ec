import { compile } from 'html-to-text';
import { Marked } from 'marked';
import sanitize from 'sanitize-html';

const BLOCKS = 'h1 h2 h3 h4 h5 h6 p div blockquote pre hr br ul ol li'.split(' ');
const TABLES = 'table thead tbody tfoot tr th td'.split(' ');
const INLINE = 'a img b strong i em u s del ins mark small sub sup code kbd span'.split(' ');

/** Tags whose words go with them; of all others that are not allowed the words stay. */
const WITHOUT_THEIR_WORDS = [
  ...'script style title textarea option select noscript template svg math xmp'.split(' '),
  ...'iframe object noembed noframes audio video canvas'.split(' '),
];

/**
 * What a page may show of a message: words, lists, tables, links and images. Nothing that runs, loads into the page,
 * takes input or takes on the page's own looks.
 */
const SHOWN: sanitize.IOptions = {
  allowedTags: [...BLOCKS, ...TABLES, ...INLINE],
  allowedAttributes: {
    a: ['href', 'title', 'rel', { name: 'target', values: ['_blank'] }],
    img: ['src', 'alt', 'title', 'width', 'height'],
    ol: ['start'],
    th: ['align'],
    td: ['align'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  nonTextTags: WITHOUT_THEIR_WORDS,
  nestingLimit: 32,
  parseStyleAttributes: false,
  // A relative address would lead into the site of whoever shows the message.
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...without(attribs, 'href', /^(?:https?|mailto|tel):/iu), rel: 'noopener noreferrer nofollow' },
    }),
    img: (tagName, attribs) => ({ tagName, attribs: without(attribs, 'src', /^https?:/iu) }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined,
};

function without(attribs: sanitize.Attributes, name: string, good: RegExp): sanitize.Attributes {
  const { [name]: address, ...rest } = attribs;
  return address !== undefined && good.test(address.trim()) ? attribs : rest;
}

/** HTML that is safe to show: no script, no event handlers, no addresses that run; links say how they may be followed. */
export const safeHtml = (html: string): string => sanitize(html, SHOWN).trim();

/** As chats write it: a line break is one. */
const markdown = new Marked({ gfm: true, breaks: true, async: false });

/**
 * Still to be made safe: Markdown may hold HTML of any kind. What is nested deeper than the stack goes, which nobody
 * writes to be read, stays as it was written.
 */
export function htmlOfMarkdown(text: string): string {
  try {
    return markdown.parse(text, { async: false });
  } catch (error) {
    if (error instanceof RangeError) return `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`;
    throw error;
  }
}

const SAME_CASE = { options: { uppercase: false } };

const toText = compile({
  wordwrap: false,
  selectors: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...SAME_CASE })),
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    { selector: 'hr', format: 'skip' },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, maxColumnWidth: 60 } },
  ],
});

/** What safe HTML says, for whoever cannot show it: blocks on lines of their own, links with their addresses. */
export const plainText = (html: string): string => toText(html).trim();
