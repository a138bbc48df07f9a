/** Raised by one whenever a message or a procedure changes in a way the other end would misread. */
export const protocolVersion = 2;
