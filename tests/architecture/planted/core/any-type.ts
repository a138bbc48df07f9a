export function keep(value: any): unknown {
  return value;
}
