// Written apart from the detectors on purpose: a wrong rule there must not make wrong labels here.

/** The digit that completes a number by Luhn's rule. */
export function luhnDigit(digits: string): string {
  const doubled = [...digits].reverse().map((digit, index) => {
    const value = Number(digit);
    if (index % 2 === 1) return value;
    return value * 2 > 9 ? value * 2 - 9 : value * 2;
  });
  return String((10 - (doubled.reduce((sum, value) => sum + value, 0) % 10)) % 10);
}

/** An IBAN from a country and the account part. */
export function ibanOf(country: string, account: string): string {
  const letters = `${account}${country}00`;
  const number = [...letters].map((letter) => Number.parseInt(letter, 36).toString()).join('');
  return `${country}${(98n - (BigInt(number) % 97n)).toString().padStart(2, '0')}${account}`;
}

/** The last digit of an ISBN-13. */
export function isbnDigit(digits: string): string {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}
