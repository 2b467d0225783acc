// @ts-check
'use strict';
// meta.k8s.io/v1 Table: what `kubectl get` prints.

/** The JSONPath of printer columns: fields, ['a','b'] unions, indices, filters by equality. */
function jsonPath(object, path) {
  let values = [object];
  const steps = path.matchAll(/\.([\w-]+(?:\\\.[\w-]+)*)|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]|\[('[^']*'(?:\s*,\s*'[^']*')*)\]|\[(\d+|\*)\]/g);
  for (const [, field, filter, wanted, names, index] of steps) {
    values = values
      .flatMap(value => {
        if (value === undefined || value === null) return [];
        if (field) return [value[field.replaceAll('\\.', '.')]];
        if (filter) return (Array.isArray(value) ? value : []).filter(it => filter.split('.').reduce((at, step) => at?.[step], it) === wanted);
        if (names) return names.split(',').map(name => value[name.trim().slice(1, -1)]);
        return index === '*' ? Object.values(value) : [value[Number(index)]];
      })
      .filter(it => it !== undefined && it !== null);
  }
  return values;
}

function cell(object, column) {
  const values = jsonPath(object, column.jsonPath);
  if (values.length === 0) return column.type === 'date' ? '<unknown>' : null;
  if (column.type === 'date') return age(values[0]);
  return column.type === 'string' ? values.map(it => (typeof it === 'object' ? JSON.stringify(it) : String(it))).join(' ') : values[0];
}

function age(time) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return '<invalid>';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

const AGE = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

function table(kind, objects, version, include = 'Metadata') {
  const columns = kind.columns?.length ? kind.columns : [AGE];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: version },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
      ...columns.map(it => ({ name: it.name, type: it.type, format: '', description: it.description ?? '', priority: it.priority ?? 0 })),
    ],
    rows: objects.map(object => ({
      cells: [object.metadata.name, ...columns.map(column => cell(object, column))],
      object: include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

module.exports = { table, jsonPath };
