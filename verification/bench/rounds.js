'use strict';

/** A line at least this often, so that one sees that it goes on. */
const SAY_EVERY = 15_000;

/**
 * Measures all variants again and again, and says how far it is. Whoever runs first may be the faster or the slower, so that each round
 * starts with another one.
 */
function rounds(title, variants, repetitions, measure) {
  console.log(`▸ ${title}: ${repetitions} rounds of ${variants.join(', ')}`);
  const started = Date.now();
  let said = started;
  return Array.from({ length: repetitions }, (_, i) => {
    const first = i % variants.length;
    const order = [...variants.slice(first), ...variants.slice(0, first)];
    const round = Object.fromEntries(order.map((variant) => [variant, measure(variant)]));
    if (i + 1 === repetitions || Date.now() - said >= SAY_EVERY) {
      console.log(`  round ${i + 1} of ${repetitions}, ${Math.round((Date.now() - started) / 1000)} s`);
      said = Date.now();
    }
    return round;
  });
}

/** One figure of each round, by variant. */
function figureOf(measured, figure) {
  return measured.map((round) => Object.fromEntries(Object.entries(round).map(([variant, one]) => [variant, one[figure]])));
}

/** The cells that compare two variants: the median of the ratios within each round, the smallest and the largest. */
function ratio(values, variant, base) {
  const ratios = values.map((value) => value[variant] / value[base]);
  return [median(ratios).toFixed(2), `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`];
}

function medianOf(values, variant) {
  return median(values.map((value) => value[variant]));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** Between which two measured values the median of many more rounds would be, with 95 % confidence: so far are they from the middle. */
function interval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(0, Math.floor(sorted.length / 2 - 0.98 * Math.sqrt(sorted.length)));
  return [sorted[rank], sorted[sorted.length - 1 - rank]];
}

/** An aim, what was measured of it in each round, and whether their median is within it. */
function aim(title, values, atMost) {
  const measured = median(values);
  return [
    title,
    measured.toFixed(3),
    interval(values).map((value) => value.toFixed(3)).join(' to '),
    atMost.toFixed(2),
    measured <= atMost ? 'met' : 'missed',
  ].map((cell) => [cell]);
}

/** How many applications, in words. */
function applications(count) {
  return Number(count) === 1 ? 'one application' : `${count} applications`;
}

module.exports = { aim, applications, figureOf, median, medianOf, ratio, rounds };
