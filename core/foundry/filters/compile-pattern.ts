import { ForgeError } from '#contract/errors.ts';

/** A person's pattern, with the flag u. @throws ForgeError foundry.bad-pattern */
export function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) throw new ForgeError('foundry.bad-pattern', { reason: error.message });
    throw error;
  }
}
