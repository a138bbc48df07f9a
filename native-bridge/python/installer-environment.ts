const passedOn = new Set([
  ...[
    'PATH',
    'HOME',
    'USER',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
    'PROGRAMDATA',
    'SYSTEMROOT',
    'SYSTEMDRIVE',
    'COMSPEC',
  ],
  ...['TEMP', 'TMP', 'TMPDIR', 'LANG', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NETRC'],
  ...[
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
    'XDG_CACHE_HOME',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
  ],
]);

/** Settings of the person's that would put packages elsewhere, take other ones, or skip the digests. */
const refused = new Set([
  ...[
    'UV_PYTHON',
    'UV_SYSTEM_PYTHON',
    'UV_PROJECT_ENVIRONMENT',
    'UV_NO_VERIFY_HASHES',
    'UV_TORCH_BACKEND',
    'UV_BREAK_SYSTEM_PACKAGES',
  ],
  ...[
    'UV_CONSTRAINT',
    'UV_OVERRIDE',
    'UV_EXCLUDE',
    'UV_BUILD_CONSTRAINT',
    'UV_PRERELEASE',
    'UV_RESOLUTION',
    'UV_OFFLINE',
  ],
  ...[
    'PIP_USER',
    'PIP_TARGET',
    'PIP_PREFIX',
    'PIP_ROOT',
    'PIP_CONSTRAINT',
    'PIP_REQUIREMENT',
    'PIP_BREAK_SYSTEM_PACKAGES',
    'PIP_PRE',
  ],
]);

/**
 * The environment uv and pip run in: the person's network settings (proxies, certificates, package index, cache) and nothing of their
 * Python. Which index is used does not matter for safety: every file is checked against the digests in the lock.
 */
export function installerEnvironment(own: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    const upper = name.toUpperCase();
    const isTool = upper.startsWith('UV_') || upper.startsWith('PIP_') || upper.startsWith('LC_');
    if (value !== undefined && (passedOn.has(upper) || isTool) && !refused.has(upper)) kept[name] = value;
  }
  return { ...kept, NO_COLOR: '1', UV_NO_PROGRESS: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
}
