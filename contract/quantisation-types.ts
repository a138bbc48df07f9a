/** File types that can be made, the smallest first: the one order for choosing, for falling back and for lists. */
export const quantisationTypes = ['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16'] as const;
