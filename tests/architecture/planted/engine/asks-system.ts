import { cpu } from 'systeminformation';

export const ask = cpu;
