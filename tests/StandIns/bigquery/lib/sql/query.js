// @ts-check
'use strict';
// One statement with its parameters: what it reads and writes, its check, its run.
const errors = require('../errors');
const parameters = require('../parameters');
const types = require('../types');
const merge = require('./merge');
const { ddl } = require('./ddl');
const syntax = require('./syntax');
const { Translator } = require('./translate');

/**
 * Answers { type, tables, target, location, parameters, check(session) -> schema fields, run(session) -> { fields?, rows?, dmlStats? } }.
 * @param query a request's query configuration: query, queryParameters, parameterMode, defaultDataset
 */
function read(query, { catalog, project, location }) {
  if (typeof query.query !== 'string' || query.query.trim() === '') throw errors.required('query');
  if (query.useLegacySql !== false) throw errors.invalidQuery('this stand-in speaks GoogleSQL only: set useLegacySql to false');
  const { statement, type, text } = syntax.read(query.query);
  const given = parameters.read(query);
  const resolve = parts => catalog.resolve(parts, project, query.defaultDataset, location);
  const translator = new Translator(text, resolve, given);
  const plan = (PLANS[type] ?? ddl)(statement, translator, { catalog, project, query, type });
  translator.verify();
  const tables = [...translator.tables.values()];
  const guarded = work => async session => {
    try {
      return await work(session);
    } catch (error) {
      throw error instanceof errors.ApiError ? error : complaint(error, statement, translator);
    }
  };
  return {
    type,
    tables,
    target: plan.target,
    parameters: given.parameters,
    location: location ?? tables[0]?.dataset.resource.location ?? plan.location ?? 'US',
    check: guarded(plan.check),
    run: guarded(async session => {
      await plan.check(session);
      return plan.run(session);
    }),
  };
}

const toFields = columns => columns.map(it => types.toField(it.name, it.type));

function select(statement, translator) {
  const sql = translator.sql(statement);
  const check = async session => {
    const columns = await session.describe(sql);
    const odd = columns.find(it => it.type === null);
    if (odd !== undefined) throw errors.invalidQuery(`column ${odd.name} is of no type of GoogleSQL`);
    return toFields(columns);
  };
  return {
    check,
    run: async session => ({ types: (await session.describe(sql)).map(it => it.type), fields: await check(session), rows: (await session.query(sql)).rows }),
  };
}

function mergePlan(statement, translator) {
  const plan = merge.plan(statement, translator);
  return {
    target: plan.table,
    async check(session) {
      for (const { sql, columns = [], values } of plan.selects) {
        const found = await session.describe(sql);
        columns.forEach((name, i) => name !== null && assign(plan.table, name, found[i].type, values[i], translator));
      }
      return [];
    },
    run: session => session.transaction(async () => ({ dmlStats: await plan.run(async sql => (await session.query(sql)).rows) })),
  };
}

/** Refuses a value that the column does not take; literals and parameters are coerced as GoogleSQL does. */
function assign(table, name, type, node, translator) {
  const field = table.fields.find(it => it.name.toLowerCase() === name.toLowerCase());
  if (field === undefined) translator.fail(node, `Column ${name} is not present in table ${table.key.replace(':', '.')}`);
  const to = field.type;
  const coerced =
    node.type === 'null_literal' ||
    (['string_literal', 'parameter'].includes(node.type) && type.kind === 'STRING' && ['DATE', 'TIMESTAMP', 'DATETIME', 'TIME'].includes(to.kind));
  const wider = { INT64: ['FLOAT64', 'NUMERIC', 'BIGNUMERIC'], NUMERIC: ['FLOAT64', 'BIGNUMERIC'] }[type.kind]?.includes(to.kind);
  if (!coerced && !wider && types.text(type) !== types.text(to) && !(type.kind === to.kind && ['ARRAY', 'STRUCT'].includes(to.kind)))
    translator.fail(node, `Value of type ${types.text(type)} cannot be assigned to ${field.name}, which has type ${types.text(to)}`);
}

function dml(counter, write) {
  return (statement, translator) => {
    const { table, sql } = write(statement, translator);
    const stats = { insertedRowCount: '0', updatedRowCount: '0', deletedRowCount: '0' };
    return {
      target: table,
      check: async session => {
        await session.describe(sql);
        return [];
      },
      run: async session => ({ dmlStats: { ...stats, [counter]: String((await session.query(sql)).changed) } }),
    };
  };
}

const clauseOf = (statement, type) => statement.clauses.find(it => it.type === type);
const alias = node =>
  node.type === 'alias'
    ? { name: node.expr, as: ` AS ${types.quote(node.alias.name)}` }
    : { name: node, as: ` AS ${types.quote(syntax.nameParts(node).at(-1))}` };
const rest = (statement, translator, ...without) =>
  statement.clauses
    .filter(it => !without.includes(it.type))
    .map(it => translator.sql(it))
    .join(' ');

function requireWhere(statement, translator) {
  if (clauseOf(statement, 'where_clause') === undefined)
    translator.fail(statement, `${statement.type.replace('_stmt', '').toUpperCase()} must have a WHERE clause`);
}

const PLANS = {
  SELECT: select,
  MERGE: mergePlan,
  INSERT: dml('insertedRowCount', (statement, translator) => {
    const clause = clauseOf(statement, 'insert_clause');
    const table = translator.table(clause.table);
    const columns = clause.columns === undefined ? '' : ` ${translator.sql(clause.columns)}`;
    return { table, sql: `INSERT INTO ${table.sql}${columns} ${rest(statement, translator, 'insert_clause')}` };
  }),
  UPDATE: dml('updatedRowCount', (statement, translator) => {
    requireWhere(statement, translator);
    const { name, as } = alias(clauseOf(statement, 'update_clause').tables.items[0]);
    const table = translator.table(name);
    return { table, sql: `UPDATE ${table.sql}${as} ${rest(statement, translator, 'update_clause')}` };
  }),
  DELETE: dml('deletedRowCount', (statement, translator) => {
    requireWhere(statement, translator);
    const { name, as } = alias(clauseOf(statement, 'delete_clause').tables.items[0]);
    const table = translator.table(name);
    return { table, sql: `DELETE FROM ${table.sql}${as} ${rest(statement, translator, 'delete_clause')}` };
  }),
  TRUNCATE_TABLE: dml('deletedRowCount', (statement, translator) => {
    const table = translator.table(statement.tables.items[0]);
    return { table, sql: `DELETE FROM ${table.sql}` };
  }),
};

/** What the engine says, in BigQuery's words where clients read them. */
function complaint(error, statement, translator) {
  const [message] = error.message.replace(/^(?:[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)* Error: )+/, '').split(/\n\nLINE |\nCandidate|\nDid you/);
  const at = name => ` at ${translator.placeOf(statement, name)}`;
  const [, column] = /^Referenced (?:column|table) "([^"]+)" not found/.exec(message) ?? [];
  if (column !== undefined) return errors.invalidQuery(`Unrecognized name: ${column}${at(column)}`);
  const [, inside, field] = /^(?:Table|Values list) "([^"]+)" does not have a column named "([^"]+)"/.exec(message) ?? [];
  if (field !== undefined) return errors.invalidQuery(`Name ${field} not found inside ${inside}${at(field)}`);
  const [, required] = /^NOT NULL constraint failed: \w+\.(.+)$/.exec(message) ?? [];
  if (required !== undefined) return errors.invalidQuery(`Required field ${required} cannot be null`);
  return errors.invalidQuery(message);
}

module.exports = { read };
