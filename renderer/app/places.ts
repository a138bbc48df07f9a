import { Boxes, Columns2, Database, House, ListVideo, Plus, Server, Settings, type LucideIcon } from 'lucide-react';

export interface Place {
  readonly to: string;
  readonly word: 'home' | 'create' | 'runs' | 'data' | 'compare' | 'models' | 'server' | 'settings';
  readonly icon: LucideIcon;
  /** Pressed together with Alt. */
  readonly digit: string;
}

/** The rail, from top to bottom. Trials gets its place with its feature: a place that leads nowhere is none. */
export const places: readonly Place[] = [
  { to: '/', word: 'home', icon: House, digit: '1' },
  { to: '/create', word: 'create', icon: Plus, digit: '2' },
  { to: '/runs', word: 'runs', icon: ListVideo, digit: '3' },
  { to: '/data', word: 'data', icon: Database, digit: '4' },
  { to: '/compare', word: 'compare', icon: Columns2, digit: '5' },
  { to: '/models', word: 'models', icon: Boxes, digit: '6' },
  { to: '/server', word: 'server', icon: Server, digit: '7' },
  { to: '/settings', word: 'settings', icon: Settings, digit: '8' },
];
