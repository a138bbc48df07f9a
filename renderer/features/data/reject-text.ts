/** Bytes of a base64 text; what is not base64 is no byte. */
export function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  } catch (error) {
    if (error instanceof DOMException) return new Uint8Array();
    throw error;
  }
}

const perLine = 16;

/** Sixteen bytes a line: offset, hexadecimal, and what of it is plain text. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += perLine) {
    const part = [...bytes.subarray(from, from + perLine)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${from.toString(16).padStart(4, '0')}  ${hex.padEnd(perLine * 3 - 1)}  ${text}`);
  }
  return lines.join('\n');
}

/** A text with the signs that are not seen drawn: tabs, line ends, and control signs as their pictures. */
export function visibleText(text: string): string {
  let shown = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '\t') shown += '→\t';
    else if (sign === '\n') shown += '␊\n';
    else if (sign === '\r') shown += text.charAt(at + 1) === '\n' ? '␍' : '␍\n';
    else shown += sign < ' ' ? String.fromCharCode(0x2400 + sign.charCodeAt(0)) : sign;
  }
  return shown;
}
