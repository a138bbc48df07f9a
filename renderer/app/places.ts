import { Boxes, Columns2, House, ListVideo, Plus, Server, Settings, type LucideIcon } from 'lucide-react';

export interface Place {
  readonly to: string;
  readonly word: 'home' | 'create' | 'runs' | 'compare' | 'models' | 'server' | 'settings';
  readonly icon: LucideIcon;
  /** Pressed together with Alt. */
  readonly digit: string;
}

/** The rail, from top to bottom. Data and Trials get their places with their features: a place that leads nowhere is none. */
export const places: readonly Place[] = [
  { to: '/', word: 'home', icon: House, digit: '1' },
  { to: '/create', word: 'create', icon: Plus, digit: '2' },
  { to: '/runs', word: 'runs', icon: ListVideo, digit: '3' },
  { to: '/compare', word: 'compare', icon: Columns2, digit: '4' },
  { to: '/models', word: 'models', icon: Boxes, digit: '5' },
  { to: '/server', word: 'server', icon: Server, digit: '6' },
  { to: '/settings', word: 'settings', icon: Settings, digit: '7' },
];
