import { createContext, use } from 'react';

/** What a `Field` tells the control inside it, so that label, hint and error belong to it for a screen reader. */
export interface FieldControl {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly required: boolean;
}

export const FieldContext = createContext<FieldControl | null>(null);

export interface ControlAttributes {
  readonly id?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-required'?: true;
  readonly 'aria-label'?: string;
}

/** The attributes of a control: from the field around it, or from its own label where there is none. */
export function useControlAttributes(label?: string): ControlAttributes {
  const field = use(FieldContext);
  if (field === null) return label === undefined ? {} : { 'aria-label': label };
  return {
    id: field.id,
    ...(field.describedBy !== undefined && { 'aria-describedby': field.describedBy }),
    ...(field.invalid && { 'aria-invalid': true as const }),
    ...(field.required && { 'aria-required': true as const }),
  };
}
