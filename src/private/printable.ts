const MAX_LENGTH = 1000;

/**
 * A text for one line of a terminal or a log. Characters that could end the line, control the terminal or change the direction of the text
 * become escapes.
 */
export function printable(text: string): string {
  const end = text.length <= MAX_LENGTH ? '' : `… (${text.length} characters)`;
  return text.slice(0, MAX_LENGTH).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped) + end;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
