export const add = (first: number, second: number, third: number, fourth: number): number =>
  first + second + third + fourth;
