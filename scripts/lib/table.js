'use strict';

/** A table of cells that are lists of lines; where the terminal is too narrow for it, the same as a list. */
function table(headings, rows, columns = process.stdout.columns ?? Infinity) {
  const cells = [headings.map((heading) => [heading]), ...rows];
  const widths = headings.map((_, column) => Math.max(...cells.flatMap((row) => row[column].map((line) => line.length))));
  const label = Math.max(10, ...headings.map((heading) => heading.length + 1));
  if (widths.reduce((sum, width) => sum + width + 3, 1) > columns) {
    return rows.map((row) => row.flatMap((cell, i) => cell.map((line, j) => `${(j === 0 ? headings[i] : '').padEnd(label)}${line}`)).join('\n')).join('\n\n');
  }
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
