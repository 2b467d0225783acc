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
    if (!['failCommand', 'dropConnectionAfterBytes', 'dropReply', 'becomeSecondary'].includes(name))
      throw new CommandError(2, `${name}: fail point not found`);
    if (mode === 'off') {
      this.points.delete(name);
      return;
    }
    const left = mode === 'alwaysOn' ? Infinity : mode?.times;
    if (typeof left !== 'number') throw new CommandError(2, 'unknown fail point mode');
    this.points.set(name, { left, data, bytes: 0 });
  }

  /** Counts one use of a switched-on point; undefined where it is off, does not apply or is used up. */
  take(name, applies = () => true) {
    const point = this.points.get(name);
    if (point === undefined || !applies(point.data)) return undefined;
    if (--point.left <= 0) this.points.delete(name);
    return point.data;
  }

  /** The `failCommand` data for a command, once per use. */
  forCommand(command, appName) {
    return this.take('failCommand', data => data.failCommands?.includes(command.name) && (data.appName === undefined || data.appName === appName));
  }

  dropsReply(command) { return this.take('dropReply', data => data.failCommands?.includes(command.name)) !== undefined; }

  get isSecondary() { return this.points.has('becomeSecondary'); }

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

/** The answer that `failCommand` makes of an `errorCode`; labels as a primary adds them unless they are given. */
function injected(data, command) {
  const labels = data.errorLabels ?? (command.get('txnNumber') !== undefined && retryable.has(data.errorCode) ? ['RetryableWriteError'] : undefined);
  return {
    ok: 0.0, errmsg: data.errmsg ?? "Failing command via 'failCommand' failpoint", code: data.errorCode, codeName: codeName(data.errorCode),
    ...(labels === undefined || labels.length === 0 ? {} : { errorLabels: labels }),
  };
}

module.exports = { FailPoints, injected };
