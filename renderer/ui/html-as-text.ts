interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
}

const blocks = new Set(['root', 'blockquote', 'listItem', 'footnoteDefinition']);

/** A remark plugin: markup in a text becomes text that one reads, before anything could take it for markup. */
export function htmlAsText(): (tree: MarkdownNode) => void {
  return turn;
}

function turn(node: MarkdownNode): void {
  for (const child of node.children ?? []) {
    if (child.type === 'html') shownAsText(child, blocks.has(node.type));
    else turn(child);
  }
}

function shownAsText(node: MarkdownNode, isBlock: boolean): void {
  const value = node.value ?? '';
  if (!isBlock) {
    node.type = 'text';
    return;
  }
  node.type = 'paragraph';
  node.children = [{ type: 'text', value }];
  delete node.value;
}
