/** How the window's page may behave, whoever serves it: the engine over HTTP, the desktop shell over its own scheme. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The charts, the editor and the terminal set style attributes.
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer that carries the window. COOP and COEP isolate the page, which also lets it measure its memory. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** In a browser the window holds the pages of sandboxes, which the engine serves at ports of their own; on the desktop it holds no other page at all. */
export const browserSecurityHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-security-policy': `${contentSecurityPolicy}; frame-src http://127.0.0.1:*`,
};
