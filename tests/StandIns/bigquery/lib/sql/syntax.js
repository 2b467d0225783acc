// @ts-check
'use strict';
// GoogleSQL text -> concrete syntax tree, by a BigQuery grammar that is not ours.
const { parse, show } = require('sql-parser-cst');
const errors = require('../errors');

const MAX_CHARACTERS = 1024 * 1024; // "Maximum unresolved standard SQL query length": https://cloud.google.com/bigquery/quotas#query_jobs

const STATEMENT_TYPES = {
  select_stmt: 'SELECT',
  compound_select_stmt: 'SELECT',
  merge_stmt: 'MERGE',
  insert_stmt: 'INSERT',
  update_stmt: 'UPDATE',
  delete_stmt: 'DELETE',
  truncate_stmt: 'TRUNCATE_TABLE',
  create_table_stmt: 'CREATE_TABLE',
  drop_table_stmt: 'DROP_TABLE',
};

/** The one statement of a text: { statement, type, text }. */
function read(text) {
  if (text.length > MAX_CHARACTERS)
    throw errors.invalid(
      `The query is too large. The maximum standard SQL query length is ${MAX_CHARACTERS / 1024}K characters, including comments and white space characters.`,
    );
  let program;
  try {
    program = parse(text, {
      dialect: 'bigquery',
      paramTypes: ['?', '@name', '@`name`'],
      includeSpaces: true,
      includeNewlines: true,
      includeComments: true,
      includeRange: true,
    });
  } catch (error) {
    const [, line = 1, column = 1] = /--> [^\n]*:(\d+):(\d+)/.exec(error.message) ?? [];
    const [, unexpected = 'end of statement'] = /Unexpected ("(?:[^"\\]|\\.)*"|[^\n]*)/.exec(error.message) ?? [];
    throw errors.invalidQuery(`Syntax error: Unexpected ${unexpected} at [${line}:${column}]`);
  }
  const statements = program.statements.filter(it => it.type !== 'empty');
  if (statements.length !== 1)
    throw errors.invalidQuery(
      statements.length === 0 ? 'Syntax error: Unexpected end of statement at [1:1]' : 'this stand-in runs one statement a query, not a script',
    );
  const type = STATEMENT_TYPES[inner(statements[0]).type];
  if (type === undefined) throw errors.invalidQuery(`this stand-in runs no ${statements[0].type.replace(/_stmt$/, '').replaceAll('_', ' ')} statement`);
  return { statement: statements[0], type, text };
}

const inner = node => (node.type === 'paren_expr' ? inner(node.expr) : node);

/** Where a node starts, as Google's messages say it: [line:column]. */
function place(node, text) {
  const before = text.slice(0, start(node)).split('\n');
  return `[${before.length}:${before.at(-1).length + 1}]`;
}

const start = node => node.range?.[0] ?? 0;

/** A node that prints as `sql`, with the whitespace of the one it stands for. @param {string} sql @param {Record<string, any>} [node] */
const raw = (sql, { leading, trailing, range } = {}) => ({ type: 'identifier', text: sql, name: sql, leading, trailing, range });

/** The text of a subtree, without the whitespace around it. */
const print = node => show(node).trim();

/** Walks a subtree, parents first. */
function walk(node, visit) {
  if (Array.isArray(node)) node.forEach(it => walk(it, visit));
  else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') visit(node);
    for (const key of Object.keys(node)) if (key !== 'range' && key !== 'leading' && key !== 'trailing') walk(node[key], visit);
  }
}

/** The parts of a table's or function's name: `a.b`.c -> a, b, c. */
function nameParts(node) {
  switch (node.type) {
    case 'identifier':
      return node.text.startsWith('`') ? node.name.split('.') : [node.name];
    case 'member_expr':
      return [...nameParts(node.object), ...nameParts(node.property)];
    case 'bigquery_quoted_member_expr':
      return nameParts(node.expr);
    default:
      throw errors.invalidQuery(`this stand-in knows no name of the form ${node.type}`);
  }
}

module.exports = { read, place, raw, print, walk, nameParts, inner };
