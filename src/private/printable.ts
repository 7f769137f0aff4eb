const MAX_LENGTH = 4000;

/**
 * A text for one line of a terminal or a log. Characters that could end the line, control the terminal or change the direction of the text
 * become escapes.
 */
export function printable(text: string): string {
  const line = text.slice(0, MAX_LENGTH).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
  return text.length <= MAX_LENGTH && line.length <= MAX_LENGTH ? line : `${cut(line)}… (${text.length} characters)`;
}

/** No half of a character is left at the end. */
function cut(line: string): string {
  return line.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
