// @ts-check
'use strict';
// Fault switches. `failCommand` is MongoDB's own (src/mongo/db/commands/fail_point README); the other three are extensions:
//   dropConnectionAfterBytes {bytes}        closes the connection whose bytes cross the count, once
//   dropReply {failCommands}                runs the command and closes the connection instead of answering
//   becomeSecondary                         hello says secondary, writes answer NotWritablePrimary; {times: n} counts refused writes
const { CommandError, codeName, retryable } = require('./errors');

class FailPoints {
  constructor() {
    this.points = new Map();
  }

  configure(name, mode, data = {}) {
    if (!['failCommand', 'dropConnectionAfterBytes', 'dropReply', 'becomeSecondary'].includes(name)) throw new CommandError(2, `${name}: fail point not found`);
    if (mode === 'off') {
      this.points.delete(name);
      return;
    }
    const skip = mode?.skip ?? 0;
    const left = mode === 'alwaysOn' || skip > 0 ? Infinity : mode?.times;
    if (typeof left !== 'number') throw new CommandError(2, 'unknown fail point mode');
    this.points.set(name, { skip, left, data, bytes: 0 });
  }

  /**
   * Counts one use of a switched-on point; undefined where it is off, does not apply or is used up.
   * @param {string} name @param {(data: any) => boolean} applies
   */
  take(name, applies = () => true) {
    const point = this.points.get(name);
    if (point === undefined || !applies(point.data)) return undefined;
    if (point.skip-- > 0) return undefined;
    if (--point.left <= 0) this.points.delete(name);
    return point.data;
  }

  /** The `failCommand` data for a command, once per use. */
  forCommand(command, appName) {
    return this.take('failCommand', data => data.failCommands?.includes(command.name) && (data.appName === undefined || data.appName === appName));
  }

  dropsReply(command) {
    return this.take('dropReply', data => data.failCommands?.includes(command.name)) !== undefined;
  }

  get isSecondary() {
    return this.points.has('becomeSecondary');
  }

  /** True for the chunk that crosses the byte count. */
  crosses(bytes) {
    const point = this.points.get('dropConnectionAfterBytes');
    if (point === undefined) return false;
    point.bytes += bytes;
    if (point.bytes < point.data.bytes) return false;
    this.points.delete('dropConnectionAfterBytes');
    return true;
  }
}

/** Error labels of a failed command: those given, else the one that a primary adds to a retryable write. */
function labels(data, code, command) {
  const own = command.get('txnNumber') !== undefined && retryable.has(code) ? ['RetryableWriteError'] : [];
  const all = data.errorLabels ?? own;
  return all.length === 0 ? {} : { errorLabels: all };
}

/** The answer that `failCommand` makes of an `errorCode`. */
const injected = (data, command) => ({
  ok: 0.0,
  errmsg: data.errmsg ?? "Failing command via 'failCommand' failpoint",
  code: data.errorCode,
  codeName: codeName(data.errorCode),
  ...labels(data, data.errorCode, command),
});

/** What `failCommand` adds to the answer of a command that was done. */
const injectedConcern = (data, command) => ({
  writeConcernError: { codeName: codeName(data.writeConcernError.code), ...data.writeConcernError },
  ...labels(data, data.writeConcernError.code, command),
});

module.exports = { FailPoints, injected, injectedConcern };
