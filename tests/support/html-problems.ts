import { parseFragment, type DefaultTreeAdapterMap } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** Every element in the tree that a browser would build. */
const elementsOf = (html: string): Element[] => {
  const found: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) found.push(node);
    if ('content' in node) walk(node.content);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parseFragment(html));
  return found;
};

const RUNS_OR_LOADS = [
  ...['script', 'style', 'link', 'meta', 'base', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'form'],
  ...[
    'input',
    'button',
    'select',
    'textarea',
    'svg',
    'math',
    'template',
    'audio',
    'video',
    'source',
    'track',
    'portal',
  ],
  ...['noscript', 'html', 'head', 'body', 'title', 'marquee', 'isindex', 'xml', 'bgsound', 'layer', 'image', 'picture'],
];

/** Allowed targets of an attribute, by element. */
const TARGETS: Record<string, RegExp> = {
  'a href': /^(?:https?:\/\/|mailto:|tel:)/i,
  'img src': /^(?:https:\/\/|cid:)/i,
};

/** Returns everything that a browser would run, load or place outside of the message. */
export const problemsOf = (html: string): string[] =>
  elementsOf(html).flatMap(({ tagName, attrs }) => [
    ...(RUNS_OR_LOADS.includes(tagName) ? [tagName] : []),
    ...attrs.flatMap(({ name, value }) => {
      const at = `${tagName} ${name}`;
      if (name in { href: 1, src: 1 }) return TARGETS[at]?.test(value) ? [] : [`${at}=${value}`];
      if (name === 'style')
        return /url|expression|import|behavior|binding|position|z-index|@|\\|\/\*|javascript/i.test(value)
          ? [`${at}=${value}`]
          : [];
      return /^(?:on|srcset|srcdoc|action|formaction|data|background|poster|xlink|http-equiv|id|class)/.test(name)
        ? [at]
        : [];
    }),
  ]);
