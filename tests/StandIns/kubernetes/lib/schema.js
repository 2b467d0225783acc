// @ts-check
'use strict';
// Structural schemas: pruning, defaults, validation, and CEL rules.
const { isObject } = require('./patch');

const preserves = schema => schema['x-kubernetes-preserve-unknown-fields'] === true;

/** Removes what the schema does not know; answers the paths that went. */
function prune(value, schema, path = '', gone = [], isRoot = true) {
  if (Array.isArray(value)) value.forEach((item, i) => schema.items && prune(item, schema.items, `${path}[${i}]`, gone, false));
  if (!isObject(value)) return gone;
  for (const key of Object.keys(value)) {
    const child = schema.properties?.[key] ?? (isObject(schema.additionalProperties) ? schema.additionalProperties : undefined);
    const here = path ? `${path}.${key}` : key;
    if (isRoot && ['apiVersion', 'kind', 'metadata'].includes(key)) continue;
    if (child) prune(value[key], child, here, gone, false);
    else if (!preserves(schema) && schema.additionalProperties !== true) {
      delete value[key];
      gone.push(here);
    }
  }
  return gone;
}

function setDefaults(value, schema) {
  if (Array.isArray(value) && schema.items) value.forEach(item => setDefaults(item, schema.items));
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    if ('default' in child && (value[key] === undefined || (value[key] === null && !child.nullable))) value[key] = structuredClone(child.default);
    if (value[key] !== undefined) setDefaults(value[key], child);
  }
  if (isObject(schema.additionalProperties)) for (const item of Object.values(value)) setDefaults(item, schema.additionalProperties);
}

const typeOf = value => (value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);

const FORMATS = {
  'date-time': text => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  byte: text => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
};

/** Causes as a Status has them. */
function validate(value, schema, path = '', causes = []) {
  const fail = (reason, message) => causes.push({ reason, field: path || '<nil>', message });
  const shown = JSON.stringify(value);
  if (value === null && (schema.nullable || !schema.type)) return causes;
  const type = typeOf(value);
  if (schema['x-kubernetes-int-or-string']) {
    if (type !== 'integer' && type !== 'string') fail('FieldValueTypeInvalid', `Invalid value: "${type}": must be of type integer or string`);
    return causes;
  }
  if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer')) {
    fail('FieldValueTypeInvalid', `Invalid value: "${type}": ${path} in body must be of type ${schema.type}: "${type}"`);
    return causes;
  }
  if (schema.enum && !schema.enum.includes(value))
    fail('FieldValueNotSupported', `Unsupported value: ${shown}: supported values: ${schema.enum.map(it => JSON.stringify(it)).join(', ')}`);
  if (type === 'string') {
    const length = [...value].length;
    if (length > schema.maxLength) fail('FieldValueTooLong', `Too long: may not be more than ${schema.maxLength} bytes`);
    if (length < schema.minLength) fail('FieldValueInvalid', `Invalid value: ${shown}: ${path} in body should be at least ${schema.minLength} chars long`);
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
      fail('FieldValueInvalid', `Invalid value: ${shown}: ${path} in body should match '${schema.pattern}'`);
    if (schema.format && FORMATS[schema.format]?.(value) === false)
      fail('FieldValueInvalid', `Invalid value: ${shown}: ${path} in body must be of type ${schema.format}: ${shown}`);
  }
  if (type === 'integer' || type === 'number') {
    if (value < schema.minimum) fail('FieldValueInvalid', `Invalid value: ${shown}: ${path} in body should be greater than or equal to ${schema.minimum}`);
    if (value > schema.maximum) fail('FieldValueInvalid', `Invalid value: ${shown}: ${path} in body should be less than or equal to ${schema.maximum}`);
  }
  if (type === 'array') {
    if (value.length > schema.maxItems) fail('FieldValueTooMany', `Too many: ${value.length}: must have at most ${schema.maxItems} items`);
    if (value.length < schema.minItems)
      fail('FieldValueInvalid', `Invalid value: ${value.length}: ${path} in body should have at least ${schema.minItems} items`);
    if (schema.items) value.forEach((item, i) => validate(item, schema.items, `${path}[${i}]`, causes));
    const keys = schema['x-kubernetes-list-map-keys'];
    if (keys) {
      const seen = new Set();
      value.forEach((item, i) => {
        const key = JSON.stringify(keys.map(name => item?.[name]));
        if (seen.has(key)) causes.push({ reason: 'FieldValueDuplicate', field: `${path}[${i}]`, message: `Duplicate value: ${key}` });
        seen.add(key);
      });
    }
  }
  if (type === 'object') {
    const count = Object.keys(value).length;
    if (count > schema.maxProperties) fail('FieldValueTooMany', `Too many: ${count}: must have at most ${schema.maxProperties} items`);
    for (const name of schema.required ?? [])
      if (value[name] === undefined) causes.push({ reason: 'FieldValueRequired', field: path ? `${path}.${name}` : name, message: 'Required value' });
    for (const [key, item] of Object.entries(value)) {
      if (!path && key === 'metadata') continue;
      const child = schema.properties?.[key] ?? (isObject(schema.additionalProperties) ? schema.additionalProperties : undefined);
      if (child) validate(item, child, path ? `${path}.${key}` : key, causes);
    }
  }
  return causes;
}

/** @type {import('@marcbachmann/cel-js', { with: { 'resolution-mode': 'import' } }).Environment} */
let cel;
const compiled = new Map();

/** The package for CEL is an ES module, which only an import loads. Without it there is no server: a CRD's rules are never left out. */
async function loadRules() {
  const { Environment } = await import('@marcbachmann/cel-js');
  cel = new Environment({ unlistedVariablesAreDyn: true });
}

/** JavaScript has no (?i): a class of both cases for each letter. */
function withoutFlags(rule) {
  return rule.replace(
    /'\(\?i\)([^']*)'/g,
    (_, pattern) => `'${pattern.replace(/\[[^\]]*\]|[a-zA-Z]/g, part => (part.startsWith('[') ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`))}'`,
  );
}

/** x-kubernetes-validations at every level. */
function rules(value, schema, path = '', causes = []) {
  if (value === undefined || value === null) return causes;
  for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) {
    if (!compiled.has(rule)) compiled.set(rule, cel.parse(withoutFlags(rule)));
    let holds;
    try {
      holds = compiled.get(rule)({ self: value });
    } catch (error) {
      causes.push({
        reason: 'FieldValueInvalid',
        field: path || '<nil>',
        message: `Invalid value: "${typeOf(value)}": rule evaluation error: ${error.message.split('\n')[0]} evaluating rule: ${message ?? rule}`,
      });
      continue;
    }
    if (holds !== true)
      causes.push({ reason: 'FieldValueInvalid', field: path || '<nil>', message: `Invalid value: "${typeOf(value)}": ${message ?? `failed rule: ${rule}`}` });
  }
  if (Array.isArray(value) && schema.items) value.forEach((item, i) => rules(item, schema.items, `${path}[${i}]`, causes));
  if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      const child = schema.properties?.[key] ?? (isObject(schema.additionalProperties) ? schema.additionalProperties : undefined);
      if (child) rules(item, child, path ? `${path}.${key}` : key, causes);
    }
  return causes;
}

module.exports = { prune, setDefaults, validate, rules, loadRules };
