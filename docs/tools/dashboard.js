// @ts-check
'use strict';
// Draws a Grafana dashboard without Grafana: reads its JSON, asks a Prometheus each query, and answers a page with the panels at their places in the grid.
// Knows what ours uses: panels of the types stat and timeseries with a title, units, a legend, and $namespace and $__rate_interval in their queries.
const fs = require('node:fs');
const path = require('node:path');

/** Grafana: 24 columns, rows of 30 px with 8 px between. */
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;
const WIDTH = 1280;

const COLOURS = ['#3d8b40', '#d9a400', '#3a73d8', '#e07b1a', '#d33f49', '#8f5fc0', '#1f9a9a', '#a8507c', '#6b7b2a', '#5b6470'];

/**
 * Asks all queries of a dashboard.
 * @param {any} dashboard its JSON
 * @param {{ prometheus: string, from: number, to: number, scrapeSeconds: number }} range times in seconds since 1970
 * @returns {Promise<{ panels: any[], empty: string[] }>} the panels with their series, and the queries without an answer
 */
async function ask(dashboard, { prometheus, from, to, scrapeSeconds }) {
  const empty = [];
  const panels = [];
  for (const panel of dashboard.panels) {
    const series = [];
    for (const target of panel.targets) {
      // As Grafana's Prometheus data source does it: at least four scrapes.
      const query = target.expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', `${4 * scrapeSeconds}s`);
      const url = `${prometheus}/api/v1/query_range?${new URLSearchParams({ query, start: `${from}`, end: `${to}`, step: `${scrapeSeconds}` })}`;
      const answer = /** @type {any} */ (await (await fetch(url)).json());
      if (answer.status !== 'success') throw new Error(`${panel.title}: ${answer.error}`);
      const found = answer.data.result.filter(it => it.values.some(([, value]) => Number.isFinite(Number(value))));
      if (found.length === 0) empty.push(`${panel.title}: ${target.expr}`);
      series.push(...found.map(it => ({ name: legend(target.legendFormat, it.metric), values: new Map(it.values.map(([at, value]) => [at, Number(value)])) })));
    }
    panels.push({ title: panel.title, type: panel.type, at: panel.gridPos, ...panel.fieldConfig.defaults, series });
  }
  return { panels, empty };
}

/** @param {string} format @param {Record<string, string>} labels */
const legend = (format, labels) => (format === '' ? 'value' : format.replace(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? ''));

/** The page: a window of WIDTH shows the whole of it. */
function html(dashboard, panels, { from, to, scrapeSeconds }) {
  const times = Array.from({ length: Math.floor((to - from) / scrapeSeconds) + 1 }, (_, i) => from + i * scrapeSeconds);
  const drawn = panels.map(it => ({
    ...it,
    series: it.series.map(({ name, values }) => ({ name, values: times.map(at => (Number.isFinite(values.get(at)) ? values.get(at) : null)) })),
  }));
  const height = Math.max(...panels.map(it => it.at.y + it.at.h)) * (ROW + GAP) + 56;
  const uplot = name => fs.readFileSync(path.join(__dirname, 'node_modules/uplot/dist', name), 'utf8');
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>${dashboard.title}</title>
<style>
${uplot('uPlot.min.css')}
body { margin: 0; width: ${WIDTH}px; height: ${height}px; position: relative; font: 13px/1.4 Inter, system-ui, sans-serif; color: #24292e; background: #f4f5f5; font-feature-settings: 'calt' 0 }
header { padding: 12px 16px; font-size: 14px }
header b { font-size: 18px; margin-right: 12px }
section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #dcdfe3; border-radius: 3px; padding: 7px 10px; overflow: hidden }
h2 { margin: 0; font-size: 13px; font-weight: 500; white-space: nowrap }
.stat { display: flex; align-items: center; justify-content: center; height: calc(100% - 18px); font-size: 40px; font-weight: 500; color: #3d8b40 }
.stat small { font-size: 24px; margin-left: 4px }
.legend { display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12px; line-height: 17px; color: #4a5158; padding-left: 4px }
.legend span { white-space: nowrap }
.legend i { display: inline-block; width: 14px; height: 3px; margin-right: 5px; vertical-align: 3px; border-radius: 2px }
</style>
<body>
<header><b>${dashboard.title}</b>namespace: All, the last ${Math.round((to - from) / 60)} minutes</header>
<script>${uplot('uPlot.iife.min.js')}</script>
<script>
const [times, panels, colours] = ${JSON.stringify([times, drawn, COLOURS])};
const grid = { columns: ${COLUMNS}, row: ${ROW}, gap: ${GAP}, width: ${WIDTH} };
(${draw})(times, panels, colours, grid);
</script>
</html>
`;
}

/** Runs in the page. */
function draw(times, panels, colours, grid) {
  const trimmed = (value, digits = 3) => `${Number(value.toPrecision(digits))}`;
  const scaled = (value, step, names) => {
    let at = 0;
    for (; Math.abs(value) >= step && at < names.length - 1; at++) value /= step;
    return [trimmed(value), names[at]];
  };
  /** A value with its unit, as [number, unit]. */
  const shown = (value, unit) => {
    if (unit.startsWith('suffix:')) return [trimmed(value), unit.slice('suffix:'.length)];
    if (value === 0 && unit !== 'percentunit') return ['0', { s: 's', ops: 'ops/s', bytes: 'B', Bps: 'B/s' }[unit] ?? ''];
    switch (unit) {
      case 's':
        return Math.abs(value) < 1 ? [trimmed(value * 1000), 'ms'] : Math.abs(value) < 60 ? [trimmed(value), 's'] : [trimmed(value / 60), 'min'];
      case 'ops':
        return [trimmed(value), 'ops/s'];
      case 'bytes':
        return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB']);
      case 'Bps':
        return scaled(value, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s']);
      case 'percentunit':
        return [trimmed(value * 100), '%'];
      default:
        return scaled(value, 1000, ['', 'K', 'Mil']);
    }
  };
  /** Steps of an axis of bytes are round in their units. */
  const powers = Array.from({ length: 36 }, (_, i) => 2 ** i);
  const text = (value, unit) =>
    shown(value, unit)
      .join(unit === 'percentunit' ? '' : ' ')
      .trim();
  const last = values => values.findLast(it => it !== null);
  const make = (parent, name, content = '') => {
    const element = document.createElement(name);
    element.textContent = content;
    return parent.appendChild(element);
  };
  const pitch = (grid.width - grid.gap) / grid.columns;
  for (const { title, type, at, unit, min, decimals, series } of panels) {
    const section = make(document.body, 'section');
    const size = { width: at.w * pitch - grid.gap, height: at.h * (grid.row + grid.gap) - grid.gap };
    Object.assign(section.style, {
      left: `${grid.gap + at.x * pitch}px`,
      top: `${48 + at.y * (grid.row + grid.gap)}px`,
      width: `${size.width}px`,
      height: `${size.height}px`,
    });
    make(section, 'h2', title);
    if (type === 'stat') {
      const stat = make(section, 'div');
      stat.className = 'stat';
      const [number, of] =
        series.length === 0 ? ['No data', ''] : shown(decimals === undefined ? last(series[0].values) : Number(last(series[0].values).toFixed(decimals)), unit);
      make(stat, 'span', number);
      make(stat, 'small', of);
      continue;
    }
    const plot = make(section, 'div');
    const legend = make(section, 'div');
    legend.className = 'legend';
    series.forEach(({ name }, i) => {
      const entry = make(legend, 'span');
      make(entry, 'i').style.background = colours[i % colours.length];
      entry.append(name);
    });
    const top = Math.max(0, ...series.flatMap(it => it.values.filter(value => value !== null)));
    const axis = { stroke: '#5b6470', font: '11px Inter, system-ui, sans-serif', grid: { stroke: '#ebedf0', width: 1 }, ticks: { show: false } };
    // @ts-ignore of the script before this one
    new uPlot(
      {
        width: size.width - 22,
        height: size.height - 24 - legend.getBoundingClientRect().height - 8,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: [min ?? 0, top === 0 ? 1 : top * 1.1] } },
        axes: [
          { ...axis, size: 26, space: 36, values: (_, splits) => splits.map(it => new Date(it * 1000).toISOString().slice(11, 16)) },
          {
            ...axis,
            size: 62,
            space: 28,
            ...(unit === 'bytes' ? { incrs: powers } : decimals === 0 ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}),
            values: (_, splits) => splits.map(it => text(it, unit)),
          },
        ],
        series: [
          {},
          ...series.map(({ name }, i) => ({ label: name, stroke: colours[i % colours.length], width: 1.5, points: { show: false }, spanGaps: true })),
        ],
      },
      [times, ...series.map(it => it.values)],
      plot,
    );
  }
}

module.exports = { ask, html, WIDTH };
