// @ts-check
'use strict';
// GoogleSQL's functions in the engine's words. A function that is not here does not exist, whatever the engine has.

// The same name, arguments and meaning.
const SAME = `ABS CEIL CEILING FLOOR ROUND TRUNC SQRT POW POWER EXP LN LOG10 SIGN GREATEST LEAST MOD COALESCE NULLIF IFNULL CONCAT LOWER UPPER TRIM LTRIM RTRIM
  REPLACE REVERSE REPEAT SUBSTR SUBSTRING LPAD RPAD STARTS_WITH ENDS_WITH STRPOS INSTR LEFT RIGHT ASCII CHR MAX MIN SUM AVG COUNT ANY_VALUE ARRAY_AGG
  STRING_AGG ROW_NUMBER RANK DENSE_RANK LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE NTILE CURRENT_DATE ERROR`.split(/\s+/);

// Another name, the same arguments.
const RENAMED = {
  COUNTIF: 'count_if',
  LOGICAL_AND: 'bool_and',
  LOGICAL_OR: 'bool_or',
  LENGTH: 'length',
  CHAR_LENGTH: 'length',
  CHARACTER_LENGTH: 'length',
  BYTE_LENGTH: 'strlen',
  ARRAY_LENGTH: 'len',
  ARRAY_CONCAT: 'list_concat',
  ARRAY_REVERSE: 'list_reverse',
  GENERATE_ARRAY: 'generate_series',
  SPLIT: 'string_split',
  REGEXP_CONTAINS: 'regexp_matches',
  UNIX_MILLIS: 'epoch_ms',
  UNIX_MICROS: 'epoch_us',
  APPROX_COUNT_DISTINCT: 'approx_count_distinct',
};

const text = it => `CAST(${it} AS VARCHAR)`;
const json = it => `CAST(${it} AS JSON)`;
const instant = micros => `CAST(make_timestamp(${micros}) AS TIMESTAMPTZ)`;
const part = it => `'${it.replace(/[^A-Za-z]/g, '').toLowerCase()}'`;

// Arguments are the engine's SQL; `named` holds those given by name, as the statement spells them.
const WRITTEN = {
  IF: ([condition, then, otherwise]) => `CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END`,
  ARRAY: ([it]) => `ARRAY(${it})`,
  DIV: ([a, b]) => `(${a} // ${b})`,
  SAFE_DIVIDE: ([a, b]) => `(${a} / nullif(${b}, 0))`,
  CURRENT_TIMESTAMP: () => 'now()',
  GENERATE_UUID: () => text('uuid()'),
  PARSE_JSON: ([it], named) => json(`bq_parse_json(${it}, ${named.wide_number_mode ?? "'exact'"})`),
  TO_JSON_STRING: ([it]) => `coalesce(CASE WHEN typeof(${it}) = 'JSON' THEN ${text(it)} ELSE ${text(`to_json(${it})`)} END, 'null')`,
  TO_JSON: ([it]) => json(`CASE WHEN typeof(${it}) = 'JSON' THEN ${text(it)} ELSE bq_parse_json(${text(`to_json(${it})`)}, 'round') END`),
  JSON_VALUE: ([it, path = "'$'"]) => `bq_json_value(${text(it)}, ${path})`,
  JSON_QUERY: ([it, path = "'$'"]) => json(`bq_json_query(${text(it)}, ${path})`),
  JSON_TYPE: ([it]) => `bq_json_type(${text(it)})`,
  INT64: ([it]) => `CAST(bq_json_value(${text(it)}, '$') AS BIGINT)`,
  BOOL: ([it]) => `CAST(bq_json_value(${text(it)}, '$') AS BOOLEAN)`,
  STRING: ([it]) => `CASE WHEN typeof(${it}) = 'JSON' THEN bq_json_value(${text(it)}, '$') ELSE ${text(it)} END`,
  DATE: ([it]) => `CAST(${it} AS DATE)`,
  DATETIME: ([it]) => `CAST(${it} AS TIMESTAMP)`,
  TIMESTAMP: ([it]) => `CAST(${it} AS TIMESTAMPTZ)`,
  TIMESTAMP_SECONDS: ([it]) => instant(`${it} * 1000000`),
  TIMESTAMP_MILLIS: ([it]) => instant(`${it} * 1000`),
  TIMESTAMP_MICROS: ([it]) => instant(it),
  UNIX_SECONDS: ([it]) => `(epoch_us(${it}) // 1000000)`,
  TIMESTAMP_ADD: ([it, interval]) => `(${it} + ${interval})`,
  TIMESTAMP_SUB: ([it, interval]) => `(${it} - ${interval})`,
  DATE_ADD: ([it, interval]) => `CAST(${it} + ${interval} AS DATE)`,
  DATE_SUB: ([it, interval]) => `CAST(${it} - ${interval} AS DATE)`,
  TIMESTAMP_TRUNC: ([it, unit]) => `date_trunc(${part(unit)}, ${it})`,
  DATE_TRUNC: ([it, unit]) => `CAST(date_trunc(${part(unit)}, ${it}) AS DATE)`,
  TIMESTAMP_DIFF: ([a, b, unit]) => `date_sub(${part(unit)}, ${b}, ${a})`,
  DATE_DIFF: ([a, b, unit]) => `date_diff(${part(unit)}, ${b}, ${a})`,
  FORMAT_TIMESTAMP: ([format, it]) => `strftime(${it}, ${format})`,
  TO_HEX: ([it]) => `lower(hex(${it}))`,
  FROM_HEX: ([it]) => `unhex(${it})`,
  TO_BASE64: ([it]) => `to_base64(${it})`,
  FROM_BASE64: ([it]) => `from_base64(${it})`,
  MD5: ([it]) => `unhex(md5(${it}))`,
  SHA1: ([it]) => `unhex(sha1(${it}))`,
  SHA256: ([it]) => `unhex(sha256(${it}))`,
};

// Named arguments that a function takes; any other is an error.
const NAMED = { PARSE_JSON: ['wide_number_mode'] };

/** @type {Map<string, string>} */
const renamed = new Map(Object.entries({ ...Object.fromEntries(SAME.map(it => [it, it])), ...RENAMED }));

module.exports = {
  /** The engine's name, for a function whose arguments stay as they are. */
  renamed: name => renamed.get(name),
  /** Writes a whole call, or undefined. */
  written: name => (Object.hasOwn(WRITTEN, name) ? WRITTEN[name] : undefined),
  takesNamed: (name, argument) => NAMED[name]?.includes(argument) ?? false,
};
