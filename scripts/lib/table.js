'use strict';

/** A table of cells that are lists of lines. */
function table(headings, rows) {
  const cells = [headings.map((heading) => [heading]), ...rows];
  const widths = headings.map((_, column) => Math.max(...cells.flatMap((row) => row[column].map((line) => line.length))));
  const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  const lines = (row) => Array.from({ length: Math.max(...row.map((cell) => cell.length)) }, (_, i) =>
    `│${row.map((cell, column) => ` ${(cell[i] ?? '').padEnd(widths[column])} `).join('│')}│`);
  return [
    rule('┌', '┬', '┐'),
    ...cells.flatMap((row, i) => i === 0 ? lines(row) : [rule('├', '┼', '┤'), ...lines(row)]),
    rule('└', '┴', '┘'),
  ].join('\n');
}

module.exports = { table };
