/** Domains that do not freeze a version while findings are undecided (D-13). */
export const guardedDomains: ReadonlySet<string> = new Set(['healthcare', 'legal']);
