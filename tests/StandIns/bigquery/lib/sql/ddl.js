// @ts-check
'use strict';
// CREATE TABLE with columns, and DROP TABLE.
const errors = require('../errors');
const types = require('../types');
const { nameParts, inner } = require('./syntax');

function ddl(statement, translator, { catalog, project, query, type }) {
  const parts = nameParts(type === 'CREATE_TABLE' ? statement.name : statement.tables.items[0]);
  const [id, datasetId = query.defaultDataset?.datasetId, owner = project] = [...parts].reverse();
  if (datasetId === undefined) throw errors.invalidQuery(`Table "${id}" must be qualified with a dataset (e.g. dataset.table).`);
  const dataset = catalog.dataset(owner, datasetId);
  const found = () => catalog.find(dataset, id);
  const run = type === 'CREATE_TABLE' ? create : drop;
  return { location: dataset.resource.location, check: async () => (resource(), []), run };

  function resource() {
    return type === 'CREATE_TABLE' ? createResource(statement, translator, { projectId: owner, datasetId, tableId: id }) : null;
  }

  async function create() {
    if (found() !== null && statement.ifNotExistsKw !== undefined) return {};
    await catalog.insertTable(owner, datasetId, resource());
    return {};
  }

  async function drop() {
    const table = found();
    if (table === null && statement.ifExistsKw === undefined) throw errors.notFound('Table', `${dataset.key}.${id}`);
    if (table !== null) await catalog.dropTable(table);
    return {};
  }
}

function createResource(statement, translator, tableReference) {
  if (statement.columns === undefined) translator.fail(statement, 'this stand-in creates tables from columns only');
  const fields = statement.columns.expr.items.map(it =>
    types.toField(it.name.name, translator.type(it.dataType), it.constraints.some(c => c.type === 'constraint_not_null') ? 'REQUIRED' : 'NULLABLE'),
  );
  const result = { tableReference, schema: { fields } };
  for (const clause of statement.clauses ?? [])
    switch (clause.type) {
      case 'partition_by_clause':
        result.timePartitioning = partitioning(inner(clause.specifications.items[0]), translator);
        break;
      case 'cluster_by_clause':
        result.clustering = { fields: clause.columns.items.map(it => it.name) };
        break;
      default:
        translator.fail(clause, `this stand-in creates no table with ${clause.type.replaceAll('_', ' ')}`);
    }
  return result;
}

// PARTITION BY day, DATE(instant) or TIMESTAMP_TRUNC(instant, DAY).
function partitioning(by, translator) {
  if (by.type === 'identifier') return { type: 'DAY', field: by.name };
  const args = by.args?.expr.args.items ?? [];
  if (by.type !== 'func_call' || args[0]?.type !== 'identifier') translator.fail(by, 'PARTITION BY expression must be a DATE column or a function of one');
  return { type: args[1]?.name?.toUpperCase() ?? 'DAY', field: args[0].name };
}

module.exports = { ddl };
