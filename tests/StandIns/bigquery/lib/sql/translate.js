// @ts-check
'use strict';
// GoogleSQL -> the engine's SQL, by rewriting the syntax tree: what differs is replaced, the rest prints as it stood. A construct that
// nobody taught it here is refused: the engine's own meaning of it might not be GoogleSQL's.
const errors = require('../errors');
const types = require('../types');
const functions = require('./functions');
const { place, print, raw, nameParts, walk, inner } = require('./syntax');

// Nodes that mean the same in both dialects.
const SAME = new Set(
  `select_stmt compound_select_stmt select_clause select_all select_distinct list_expr paren_expr func_args all_columns alias empty keyword
  binary_expr prefix_op_expr postfix_op_expr between_expr case_expr case_when case_else number_literal boolean_literal null_literal where_clause
  group_by_clause having_clause qualify_clause window_clause named_window window_definition order_by_clause partition_by_clause sort_specification
  sort_direction_asc sort_direction_desc limit_clause offset_clause over_arg frame_clause frame_between frame_bound_preceding frame_bound_following
  frame_bound_current_row frame_unbounded array_expr array_constructor join_on_specification join_using_specification values_clause column_assignment
  set_clause interval_unit extract_expr extract_from with_clause`.split(/\s+/),
);

const STRING_TYPES = { date_literal: 'DATE', datetime_literal: 'DATETIME', timestamp_literal: 'TIMESTAMP', time_literal: 'TIME', numeric_literal: 'NUMERIC' };

const COMPARISONS = {
  '=': 'Equality',
  '!=': 'Equality',
  '<>': 'Equality',
  '<': 'Less than',
  '<=': 'Less than',
  '>': 'Greater than',
  '>=': 'Greater than',
  IN: 'Equality',
  'NOT IN': 'Equality',
};

class Translator {
  /**
   * @param text the whole statement, for places in messages
   * @param resolve name parts -> { sql, key }: a table
   * @param parameters what parameters.read answered
   */
  constructor(text, resolve, { positional, parameters }) {
    this.text = text;
    this.resolve = resolve;
    this.positional = positional;
    this.parameters = parameters;
    this.positions = 0;
    this.common = new Set();
    this.tables = new Map();
    this.aliases = new Map(); // alias -> table; null where it is no table, or not always the same
    this.comparisons = [];
  }

  /** Says what an alias stands for. */
  name(alias, table) {
    const key = alias.toLowerCase();
    this.aliases.set(key, this.aliases.has(key) && this.aliases.get(key) !== table ? null : table);
  }

  /** JSON has no equality and no order, though the engine compares its text. Sees columns that are named with their table's alias. */
  verify() {
    for (const { node, operator } of this.comparisons)
      for (const side of [node.left, node.right].map(inner)) {
        if (side.type !== 'member_expr' || side.object.type !== 'identifier' || side.property.type !== 'identifier') continue;
        const field = this.aliases.get(side.object.name.toLowerCase())?.fields.find(it => it.name.toLowerCase() === side.property.name.toLowerCase());
        if (field?.type.kind === 'JSON') this.fail(node, `${COMPARISONS[operator]} is not defined for arguments of type JSON`);
      }
  }

  /** The engine's SQL of a whole query or expression. */
  sql(node) {
    return print(this.rewrite(node));
  }

  /** The engine's name of a table, which counts as read or written from now on. */
  table(node) {
    const table = this.resolve(nameParts(node));
    this.tables.set(table.key, table);
    return table;
  }

  fail(node, message) {
    throw errors.invalidQuery(`${message} at ${place(node, this.text)}`);
  }

  rewrite(node) {
    if (Array.isArray(node)) return node.map(it => this.rewrite(it));
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return node;
    const handler = this[`on_${node.type}`];
    if (handler !== undefined) return handler.call(this, node);
    if (!SAME.has(node.type)) this.fail(node, `this stand-in does not understand ${node.type.replaceAll('_', ' ')}`);
    return this.children(node);
  }

  /** A copy whose children are rewritten and whose comments are gone. */
  children(node) {
    const copy = {};
    for (const [key, value] of Object.entries(node))
      copy[key] = key === 'leading' || key === 'trailing' ? spaces(value) : key === 'range' ? value : this.rewrite(value);
    return copy;
  }

  replace(node, sql) {
    return raw(sql, { ...edges(node), range: node.range });
  }

  on_keyword(node) {
    return { ...node, leading: spaces(node.leading), trailing: spaces(node.trailing) };
  }

  on_identifier(node) {
    return this.replace(node, types.quote(node.name));
  }

  on_member_expr(node) {
    const subscript = node.property.type === 'array_subscript' ? node.property.expr : null;
    if (subscript === null) return this.children(node);
    const kind = subscript.specifierKw?.name;
    if (kind === undefined) this.fail(subscript, 'this stand-in subscripts arrays by OFFSET and ORDINAL only');
    const index = this.sql(subscript.args.expr);
    return this.replace(node, `${this.sql(node.object)}[${kind.endsWith('OFFSET') ? `(${index}) + 1` : index}]`);
  }

  on_string_literal(node) {
    return this.replace(node, stringLiteral(node.value));
  }

  on_blob_literal(node) {
    return this.replace(node, `unhex('${Buffer.from(node.value).toString('hex')}')`);
  }

  on_number_literal(node) {
    return /[.eE]/.test(node.text) && !/^0x/i.test(node.text) ? this.replace(node, `CAST(${node.text} AS DOUBLE)`) : this.replace(node, node.text);
  }

  on_json_literal(node) {
    return this.replace(node, `CAST(bq_parse_json(${stringLiteral(node.string.value)}, 'exact') AS JSON)`);
  }

  on_interval_literal(node) {
    if (node.unit === undefined || node.unit.type !== 'interval_unit') this.fail(node, 'this stand-in knows intervals of one unit only');
    return this.replace(node, `INTERVAL (${this.sql(node.value)}) ${node.unit.unitKw.name}`);
  }

  on_parameter(node) {
    const name = node.text.replace(/^@?`?|`$/g, '').toLowerCase();
    const key = this.positional ? String(++this.positions) : name;
    const parameter = this.parameters.get(key);
    if (node.text === '?' && !this.positional) this.fail(node, 'Positional parameters are not supported when named parameters are given');
    if (parameter === undefined)
      this.fail(node, this.positional ? 'Number of query parameters is less than the number of positional parameters' : `Query parameter '${name}' not found`);
    return this.replace(node, `CAST($${bindName(key)} AS ${types.engineSql(parameter.type)})`);
  }

  on_func_call(node) {
    const parts = nameParts(node.name);
    const safe = parts.length === 2 && parts[0].toUpperCase() === 'SAFE';
    const name = parts.at(-1).toUpperCase();
    const known = functions.renamed(name);
    const write = functions.written(name);
    if ((parts.length > 1 && !safe) || (known === undefined && write === undefined)) this.fail(node, `Function not found: ${parts.join('.')}`);
    const args = node.args?.expr.args.items ?? [];
    const named = {};
    for (const it of args.filter(it => it.type === 'named_arg')) {
      if (!functions.takesNamed(name, it.name.name)) this.fail(it, `Named argument \`${it.name.name}\` not found in signature for call to function ${name}`);
      named[it.name.name] = this.sql(it.value);
    }
    // Printing a call whole keeps DISTINCT, ORDER BY and the window of an aggregate.
    const sql =
      write === undefined
        ? print({ ...this.children({ ...node, name: raw('f') }), name: raw(/** @type {string} */ (known)), leading: [], trailing: [] })
        : write(
            args.filter(it => it.type !== 'named_arg').map(it => this.sql(it)),
            named,
          );
    return this.replace(node, safe ? `TRY(${sql})` : sql);
  }

  on_cast_expr(node) {
    const { expr, dataType, format } = node.args.expr;
    if (format !== undefined) this.fail(format, 'this stand-in casts without FORMAT only');
    const cast = node.castKw.name === 'SAFE_CAST' ? 'TRY_CAST' : 'CAST';
    return this.replace(node, `${cast}(${this.sql(expr)} AS ${types.engineSql(this.type(dataType))})`);
  }

  on_typed_expr(node) {
    const type = node.dataType.params === undefined ? null : this.type(node.dataType);
    return this.replace(node, type === null ? this.sql(node.expr) : `CAST(${this.typed(node.expr, type)} AS ${types.engineSql(type)})`);
  }

  // A tuple takes the names of the fields by position; the engine would look for equal names.
  typed(node, type) {
    if (type.kind === 'ARRAY' && node.type === 'array_expr') return `[${node.expr.items.map(it => this.typed(it, type.element)).join(', ')}]`;
    const items =
      type.kind !== 'STRUCT' ? null : node.type === 'struct_expr' ? node.expr.items : node.type === 'paren_expr' ? [node.expr.items ?? node.expr].flat() : null;
    if (items === null) return this.sql(node);
    if (items.length !== type.fields.length) this.fail(node, `STRUCT type has ${type.fields.length} fields but constructor call has ${items.length} fields`);
    return `struct_pack(${type.fields.map((it, i) => `${types.quote(it.name)} := ${this.typed(items[i], it.type)}`).join(', ')})`;
  }

  on_array_literal_expr(node) {
    return this.replace(node, this.sql(node.expr));
  }

  on_struct_expr(node) {
    const fields = node.expr.items.map((it, i) => {
      const name = it.type === 'alias' ? it.alias.name : it.type === 'identifier' || it.type === 'member_expr' ? nameParts(it).at(-1) : `_field_${i + 1}`;
      return `${types.quote(name)} := ${this.sql(it.type === 'alias' ? it.expr : it)}`;
    });
    return this.replace(node, `struct_pack(${fields.join(', ')})`);
  }

  on_binary_expr(node) {
    const operator = [node.operator]
      .flat()
      .map(it => it.name ?? it)
      .join(' ');
    if (operator in COMPARISONS) this.comparisons.push({ node, operator });
    if (/\bIN$/.test(operator) && inner(node.right).type === 'unnest_expr') {
      const contains = `list_contains(${this.sql(inner(node.right).expr.expr)}, ${this.sql(node.left)})`;
      return this.replace(node, operator === 'IN' ? contains : `(NOT ${contains})`);
    }
    // A backslash escapes in GoogleSQL, by default nothing does in the engine.
    if (/\bLIKE$/.test(operator)) return this.replace(node, `(${this.sql(node.left)} ${operator} ${this.sql(node.right)} ESCAPE '\\')`);
    return this.children(node);
  }

  on_compound_select_stmt(node) {
    const [kind, modifier] = [node.operator].flat().map(it => it.name);
    if (modifier === undefined) this.fail(node.right, `Syntax error: Expected keyword ALL or keyword DISTINCT after ${kind}`);
    return this.replace(node, `${this.sql(node.left)} ${kind}${modifier === 'ALL' ? ' ALL' : ''} ${this.sql(node.right)}`);
  }

  on_except_columns(node) {
    return this.replace(node, `${this.sql(node.expr)} EXCLUDE ${this.sql(node.columns)}`);
  }

  on_replace_columns(node) {
    return this.replace(node, `${this.sql(node.expr)} REPLACE ${this.sql(node.columns)}`);
  }

  on_common_table_expr(node) {
    this.common.add(node.table.name.toLowerCase());
    return this.replace(node, `${types.quote(node.table.name)} AS ${this.sql(node.expr)}`);
  }

  on_from_clause(node) {
    return this.replace(node, `FROM ${this.source(node.expr)}`);
  }

  /** The engine's SQL of what stands in FROM, with its alias. */
  source(node, alias = null) {
    const named = (name, table = null) => {
      this.name(alias ?? name, table);
      return ` AS ${types.quote(alias ?? name)}`;
    };
    switch (node.type) {
      case 'alias':
        // The alias behind WITH OFFSET is the offset's.
        if (node.expr.type === 'unnest_with_offset_expr') return this.unnestWithOffset(node.expr, node.alias.name);
        return this.source(node.expr, node.alias.name);
      case 'join_expr': {
        const operator =
          node.operator === ','
            ? ','
            : ` ${[node.operator]
                .flat()
                .map(it => it.name)
                .join(' ')} `;
        const on = node.specification === undefined ? '' : ` ${this.sql(node.specification)}`;
        return `${this.source(node.left)}${operator} ${this.source(node.right)}${on}`;
      }
      case 'paren_expr':
        if (!/^(select|compound_select)_stmt$/.test(inner(node.expr).type)) return `(${this.source(node.expr)})`;
        return `(${this.sql(node.expr)})${alias === null ? '' : named()}`;
      case 'unnest_expr':
        return this.unnest(node, alias, null);
      case 'unnest_with_offset_expr':
        return this.unnestWithOffset(node, 'offset');
      case 'identifier':
      case 'member_expr':
      case 'bigquery_quoted_member_expr': {
        const parts = nameParts(node);
        if (parts.length === 1 && this.common.has(parts[0].toLowerCase())) return `${types.quote(parts[0])}${named(parts[0])}`;
        const table = this.table(node);
        return `${table.sql}${named(parts.at(-1), table)}`;
      }
      default:
        return this.fail(node, `this stand-in does not read from ${node.type.replaceAll('_', ' ')}`);
    }
  }

  unnestWithOffset({ unnest }, offset) {
    return unnest.type === 'alias' ? this.unnest(unnest.expr, unnest.alias.name, offset) : this.unnest(unnest, null, offset);
  }

  // A struct's fields become columns, as the fields of the alias are in GoogleSQL.
  unnest(node, alias, offset) {
    const name = types.quote(alias ?? 'unnest');
    if (alias !== null) this.name(alias, null);
    const position = offset === null ? '' : `, generate_subscripts(a.v, 1) - 1 AS ${types.quote(offset)}`;
    return `(SELECT unnest(a.v, max_depth := 2) AS ${name}${position} FROM (SELECT ${this.sql(node.expr.expr)} AS v) AS a) AS ${name}`;
  }

  /** A type that a statement spells. */
  type(node) {
    switch (node.type) {
      case 'data_type_name':
      case 'identifier':
      case 'time_data_type': {
        const kind = types.named(node.name?.name ?? node.timeKw?.name ?? node.name);
        if (!(kind in types.SCALARS)) this.fail(node, `Type not found: ${kind}`);
        return { kind };
      }
      case 'modified_data_type':
        return this.type(node.dataType);
      case 'parametric_data_type': {
        const params = node.params.params.items;
        if (node.typeKw.name === 'ARRAY') return types.array(this.type(params[0].dataType));
        return { kind: 'STRUCT', fields: params.map(it => ({ name: it.name.name, type: this.type(it.dataType) })) };
      }
      default:
        return this.fail(node, `this stand-in knows no type ${node.type}`);
    }
  }

  /** The place of the first identifier of that name, for the engine's complaints, which name no place in our text. */
  placeOf(statement, name) {
    let found = null;
    walk(statement, node => {
      if (found === null && node.type === 'identifier' && node.name.toLowerCase() === name.toLowerCase()) found = place(node, this.text);
    });
    return found ?? '[1:1]';
  }
}

for (const [type, kind] of Object.entries(STRING_TYPES))
  Translator.prototype[`on_${type}`] = function (node) {
    return this.replace(node, `CAST(${stringLiteral(node.string.value)} AS ${types.SCALARS[kind][0]})`);
  };

const stringLiteral = value => `'${value.replaceAll("'", "''")}'`;

/** The name under which a parameter is bound: the engine takes letters, digits and _ only. */
const bindName = key => `p_${Buffer.from(key).toString('hex')}`;

const spaces = list => list?.map(it => (it.type.endsWith('comment') ? { type: 'space', text: it.type === 'line_comment' ? '\n' : ' ' } : it));

/** The whitespace around a node, which may hang on its first or last leaf. */
const edges = node => ({ leading: spaces(node.leading) ?? [{ type: 'space', text: ' ' }], trailing: spaces(node.trailing) ?? [{ type: 'space', text: ' ' }] });

module.exports = { Translator, bindName };
