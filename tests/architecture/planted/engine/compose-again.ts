export const composeAgain = (): string => 'again';
