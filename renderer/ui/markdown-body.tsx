import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import remarkGfm from 'remark-gfm';
import { useUiWords } from './ui-words.ts';
import { ExternalLink } from './link-button.tsx';
import { htmlAsText } from './html-as-text.ts';
import { safeAddress } from './safe-address.ts';

/** Loaded by `Markdown` alone. No HTML plugin is here, and none may come: markup in a text stays text. */
export function MarkdownBody({ text }: { readonly text: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={remarkPlugins}
      rehypePlugins={rehypePlugins}
      components={components}
      urlTransform={safeAddress}
    >
      {text}
    </ReactMarkdown>
  );
}

const remarkPlugins = [remarkGfm, htmlAsText];
const rehypePlugins = [rehypeHighlight];

const components: Components = {
  // Where no address survived, the words stay and lead nowhere.
  a: ({ href, children }) =>
    href === undefined || href === '' ? <span>{children}</span> : <ExternalLink href={href}>{children}</ExternalLink>,
  img: ({ alt }) => <ImageLeftOut alt={alt} />,
  // A heading in an answer is not one of the page.
  h1: ({ children }) => <p data-heading="1">{children}</p>,
  h2: ({ children }) => <p data-heading="2">{children}</p>,
  h3: ({ children }) => <p data-heading="3">{children}</p>,
  h4: ({ children }) => <p data-heading="3">{children}</p>,
  h5: ({ children }) => <p data-heading="3">{children}</p>,
  h6: ({ children }) => <p data-heading="3">{children}</p>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  input: ({ checked }) => <span aria-hidden>{checked === true ? '☑ ' : '☐ '}</span>,
};

/** Loading an image tells a stranger's server that the answer is being read. */
function ImageLeftOut({ alt }: { readonly alt: string | undefined }) {
  const words = useUiWords();
  return (
    <em>{alt === undefined || alt === '' ? words('imageLeftOutUnnamed') : words('imageLeftOut', { name: alt })}</em>
  );
}
