'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { instance } = require('@viz-js/viz');
const { ROOT } = require('./steps');

const IMAGES = path.join(ROOT, 'docs', 'images');

/** The pictures of the documentation, each with the SVG that its source gives. */
async function diagrams() {
  const viz = await instance();
  return fs.readdirSync(IMAGES).filter((file) => file.endsWith('.dot')).map((file) => ({
    file: path.join(IMAGES, file.replace(/dot$/, 'svg')),
    svg: accessible(viz.renderString(fs.readFileSync(path.join(IMAGES, file), 'utf8'), { format: 'svg', engine: 'dot' })),
  }));
}

/**
 * Graphviz draws a white rectangle behind the picture, which also makes it readable on the dark pages of GitHub. Here it gets round
 * corners. The tooltip of the graph becomes the text that a screen reader reads, and the tooltips of the parts go, because they only repeat
 * their names.
 */
function accessible(svg) {
  const [, description] = /<g id="a_graph0"><a xlink:title="([^"]*)"/.exec(svg);
  const [, points] = /<polygon fill="#ffffff" stroke="none" points="([^"]*)"/.exec(svg);
  const corners = points.split(' ').map((point) => point.split(',').map(Number));
  const [left, right] = [Math.min(...corners.map(([x]) => x)), Math.max(...corners.map(([x]) => x))];
  const [top, bottom] = [Math.min(...corners.map(([, y]) => y)), Math.max(...corners.map(([, y]) => y))];
  return svg
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/<\?xml[\s\S]*?<svg/, '<svg role="img"')
    .replace(/<!DOCTYPE[^>]*>\n?/, '')
    .replace(/<\/?a( [^>]*)?>\n?/g, '')
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    .replaceAll('font-family="Arial"', 'font-family="Arial, Helvetica, sans-serif"')
    .replace(/<polygon fill="#ffffff" stroke="none" [^>]*\/>/,
      `<rect fill="#ffffff" rx="8" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/>`)
    .replace(/(<svg[^>]*>\n?)/, `$1<title>${description}</title>\n`);
}

module.exports = { diagrams };
