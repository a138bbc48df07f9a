/** Finaliser of MurmurHash3 (Austin Appleby, public domain): spreads a 32-bit number over all its bits. */
export function mixBits(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32-bit FNV-1a over UTF-16 units, finished with `mixBits`. For buckets and orders, never for identity. */
export function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ mixBits(seed)) | 0;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixBits(hash);
}

/** 53-bit number from a text and a seed, for an order without ties in practice. */
export function orderKey(text: string, seed: number): number {
  return hashText(text, seed) * 2 ** 21 + (hashText(text, seed ^ 0x5bd1e995) >>> 11);
}
