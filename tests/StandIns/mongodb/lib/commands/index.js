// @ts-check
'use strict';
// Every command the server knows: `run(context, command)` answers it; `actions(command)` are the privileges it needs;
// `open` needs no authentication; `writes` and `reads` are refused on a secondary; `fields` are the ones it knows besides the generic ones.
const all = { ...require('./handshake'), ...require('./catalogue'), ...require('./read'), ...require('./write') };

/** Fields that any command may carry (mongod's generic arguments). */
const generic = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  'readConcern',
  'writeConcern',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'maxTimeMS',
  '$audit',
  '$client',
  '$configServerState',
  'mayBypassWriteBlocking',
]);

/**
 * @typedef {object} Definition
 * @property {Set<string>} fields
 * @property {(context, command: import('../wire').Command) => Record<string, any>} run
 * @property {(command: import('../wire').Command) => string[]} [actions]
 * @property {boolean} [open]
 * @property {boolean} [reads]
 * @property {boolean} [writes]
 */

/** @type {Map<string, Definition>} */
const commands = new Map(Object.entries(all).map(([name, it]) => [name, { ...it, fields: new Set(it.fields) }]));

module.exports = { commands, generic };
