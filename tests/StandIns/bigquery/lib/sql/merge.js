// @ts-check
'use strict';
// MERGE in steps that the engine does fast and that mean what BigQuery says: all conditions and new values are computed on the table as it
// was, then rows are deleted, updated and inserted. (The engine's own MERGE compares every row with every row where the condition names
// constants, and lets a second match of a row pass.)
const errors = require('../errors');
const types = require('../types');
const { inner, nameParts } = require('./syntax');

const TOO_MANY = 'UPDATE/MERGE must match at most one source row for each target row';

/** The steps of a MERGE statement: { target, selects, run }. `selects` bind every expression in its scope, for dry runs. */
function plan(statement, translator) {
  const [clause, ...whens] = statement.clauses;
  const target = aliased(clause.target);
  const table = translator.table(target.expr);
  const t = types.quote(target.name);
  translator.name(target.name, table);
  const source = clause.source.type === 'alias' ? clause.source : { expr: clause.source };
  const s = types.quote(source.alias?.name ?? (inner(source.expr).type.endsWith('_stmt') ? '#source' : nameParts(source.expr).at(-1)));
  const sourceSql = `SELECT * FROM ${translator.source(source.expr, s.slice(1, -1))}`;
  const on = translator.sql(clause.condition);
  const arms = whens.map((it, i) => arm(it, i, table, translator));
  const scopes = {
    matched: { from: `${table.sql} AS ${t}, (${sourceSql}) AS ${s}`, arms: arms.filter(it => it.kind === 'matched') },
    target: { from: `(${sourceSql}) AS ${s}`, arms: arms.filter(it => it.kind === 'target') },
    source: { from: `${table.sql} AS ${t}`, arms: arms.filter(it => it.kind === 'source') },
  };
  const selects = [
    { sql: `SELECT 1 FROM ${scopes.matched.from} WHERE ${on}` },
    ...Object.values(scopes).flatMap(({ from, arms: own }) =>
      own.map(it => ({
        sql: `SELECT ${['1', ...it.values].join(', ')} FROM ${from} WHERE ${it.condition}`,
        columns: [null, ...it.columns],
        values: [null, ...it.nodes],
      })),
    ),
  ];
  return { table, selects, run: run => execute(run, { table: table.sql, t, s, sourceSql, on, arms }) };
}

function arm(node, index, table, translator) {
  const by = node.byKw?.[1].name;
  const kind = Array.isArray(node.matchedKw) ? (by === 'SOURCE' ? 'source' : 'target') : 'matched';
  const condition = node.condition === undefined ? 'TRUE' : translator.sql(node.condition.expr);
  const common = { kind, index, condition };
  const action = node.action;
  if ((action.type === 'merge_action_insert') !== (kind === 'target')) translator.fail(action, `Syntax error: this action does not belong to this WHEN clause`);
  switch (action.type) {
    case 'merge_action_delete':
      return { ...common, action: 'delete', columns: [], values: [], nodes: [] };
    case 'merge_action_update': {
      const assignments = action.set.assignments.items;
      const columns = assignments.map(it => nameParts(it.column).at(-1));
      return { ...common, action: 'update', columns, values: assignments.map(it => translator.sql(it.expr)), nodes: assignments.map(it => it.expr) };
    }
    case 'merge_action_insert': {
      const [clause] = action.clauses;
      if (clause?.type !== 'values_clause' || clause.values.items.length !== 1) translator.fail(action, 'this stand-in inserts VALUES (...) only');
      const nodes = clause.values.items[0].expr.items;
      const columns = action.columns?.expr.items.map(it => it.name) ?? table.fields.map(it => it.name);
      if (columns.length !== nodes.length) translator.fail(action, `Inserted row has wrong column count; Has ${nodes.length}, expected ${columns.length}`);
      return { ...common, action: 'insert', columns, values: nodes.map(it => translator.sql(it)), nodes };
    }
    default:
      return translator.fail(action, `this stand-in knows no ${action.type}`);
  }
}

function aliased(node) {
  return node.type === 'alias' ? { expr: node.expr, name: node.alias.name } : { expr: node, name: nameParts(node).at(-1) };
}

/** @param run (sql) -> rows; in one transaction. Answers dmlStats. */
async function execute(run, { table, t, s, sourceSql, on, arms }) {
  const own = kind => arms.filter(it => it.kind === kind);
  const choice = kind =>
    `CASE ${own(kind)
      .map(it => `WHEN ${it.condition} THEN ${it.index}`)
      .join(' ')} ELSE -1 END AS "#arm"`;
  const chosen = kind => (own(kind).length === 0 ? '-1 AS "#arm"' : choice(kind));
  const make = (name, select) => run(`CREATE OR REPLACE TEMP TABLE "#${name}" AS ${select}`);

  await make('source', `SELECT row_number() OVER () AS "#s", * FROM (${sourceSql})`);
  await make('matched', `SELECT ${t}.rowid AS "#t", ${s}."#s", ${chosen('matched')} FROM ${table} AS ${t} JOIN "#source" AS ${s} ON ${on}`);
  const [twice] = await run('SELECT 1 FROM "#matched" WHERE "#arm" >= 0 GROUP BY "#t" HAVING count(*) > 1 LIMIT 1');
  if (twice !== undefined) throw errors.invalidQuery(TOO_MANY);
  await make('target', `SELECT ${s}."#s", ${chosen('target')} FROM "#source" AS ${s} ANTI JOIN "#matched" AS m ON m."#s" = ${s}."#s"`);
  await make('orphans', `SELECT ${t}.rowid AS "#t", ${chosen('source')} FROM ${table} AS ${t} ANTI JOIN "#matched" AS m ON m."#t" = ${t}.rowid`);

  const chosenRows = {
    matched: `${table} AS ${t} JOIN "#matched" AS m ON m."#t" = ${t}.rowid JOIN "#source" AS ${s} ON ${s}."#s" = m."#s"`,
    target: `"#source" AS ${s} JOIN "#target" AS m ON m."#s" = ${s}."#s"`,
    source: `${table} AS ${t} JOIN "#orphans" AS m ON m."#t" = ${t}.rowid`,
  };
  // New values first: they may read the table.
  const values = it => it.values.map((value, i) => `${value} AS "#${i}"`);
  for (const it of arms)
    await make(
      `arm${it.index}`,
      `SELECT ${[...(it.kind === 'target' ? [] : ['m."#t"']), ...values(it)].join(', ')} FROM ${chosenRows[it.kind]} WHERE m."#arm" = ${it.index}`,
    );

  const counts = { insert: 0, update: 0, delete: 0 };
  for (const action of ['delete', 'update', 'insert']) for (const it of arms.filter(it => it.action === action)) counts[action] += await apply(run, table, it);
  for (const name of ['source', 'matched', 'target', 'orphans', ...arms.map(it => `arm${it.index}`)]) await run(`DROP TABLE "#${name}"`);
  return { insertedRowCount: String(counts.insert), updatedRowCount: String(counts.update), deletedRowCount: String(counts.delete) };
}

async function apply(run, table, { action, index, columns }) {
  const quoted = columns.map(types.quote);
  switch (action) {
    case 'delete':
      await run(`DELETE FROM ${table} WHERE rowid IN (SELECT "#t" FROM "#arm${index}")`);
      break;
    case 'update':
      await run(`UPDATE ${table} SET ${quoted.map((it, i) => `${it} = v."#${i}"`).join(', ')} FROM "#arm${index}" AS v WHERE ${table}.rowid = v."#t"`);
      break;
    default:
      await run(`INSERT INTO ${table} (${quoted.join(', ')}) SELECT ${quoted.map((_, i) => `"#${i}"`).join(', ')} FROM "#arm${index}"`);
  }
  const [[count]] = await run(`SELECT count(*) FROM "#arm${index}"`);
  return Number(count);
}

module.exports = { plan };
