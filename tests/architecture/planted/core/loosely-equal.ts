export const isSame = (left: number, right: string): boolean => (left as unknown) == right;
