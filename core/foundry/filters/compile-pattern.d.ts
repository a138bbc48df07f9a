/** A person's pattern, with the flag u. @throws ForgeError foundry.bad-pattern */
export declare function compilePattern(pattern: string): RegExp;
