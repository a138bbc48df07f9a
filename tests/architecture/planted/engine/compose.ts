import { decide } from '#core/decide.ts';

export function compose(): string {
  return decide(1).name;
}
