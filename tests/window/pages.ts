/** Sections of the settings, by their address. */
const sections = [
  'machine',
  'environments',
  'storage',
  'providers',
  'appearance',
  'general',
  'network',
  'licences',
  'about',
];

/** Every page of the window that leads somewhere in any home in which the version `support:v1` was made, and one that leads nowhere. */
export const pages: readonly string[] = [
  ...[
    '/',
    '/welcome',
    '/create',
    '/runs',
    '/data',
    '/data/import',
    '/data/diff',
    '/compare',
    '/models',
    '/models/support/1/chat',
  ],
  ...['/server', '/no/such/place'],
  ...sections.map((section) => `/settings/${section}`),
];
