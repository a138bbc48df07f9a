const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a folder, not a file',
  ENOENT: 'the path does not exist and could not be made',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk reports an error',
  ETXTBSY: 'another program uses it',
  EBUSY: 'another program uses it',
  EFBIG: 'the file is larger than this system allows',
};

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** What the operating system refused, in words; null for a code that says nothing to a person. */
export function systemReason(error: unknown): string | null {
  return reasons[codeOf(error)] ?? null;
}

/** No room on the disk, or the person's share of it is used up. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}
