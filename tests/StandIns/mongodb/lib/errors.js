'use strict';
// Codes and names of MongoDB's error_codes.yml that the stand-in can answer.
const names = {
  1: 'InternalError', 2: 'BadValue', 9: 'FailedToParse', 11: 'UserNotFound', 13: 'Unauthorized', 14: 'TypeMismatch', 15: 'Overflow', 18: 'AuthenticationFailed', 20: 'IllegalOperation',
  26: 'NamespaceNotFound', 27: 'IndexNotFound', 40: 'ConflictingUpdateOperators', 43: 'CursorNotFound', 48: 'NamespaceExists',
  50: 'MaxTimeMSExpired', 52: 'DollarPrefixedFieldName', 59: 'CommandNotFound', 64: 'WriteConcernTimeout', 65: 'MultipleErrorsOccurred', 66: 'ImmutableField', 67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists', 72: 'InvalidOptions', 73: 'InvalidNamespace', 79: 'UnknownReplWriteConcern', 85: 'IndexOptionsConflict', 86: 'IndexKeySpecsConflict',
  89: 'NetworkTimeout', 91: 'ShutdownInProgress', 100: 'UnsatisfiableWriteConcern', 112: 'WriteConflict', 121: 'DocumentValidationFailure', 134: 'ReadConcernMajorityNotAvailableYet',
  189: 'PrimarySteppedDown', 225: 'TransactionTooOld', 251: 'NoSuchTransaction', 262: 'ExceededTimeLimit', 263: 'OperationNotSupportedInTransaction', 334: 'MechanismUnavailable', 6: 'HostUnreachable', 7: 'HostNotFound', 9001: 'SocketException',
  10107: 'NotWritablePrimary', 10334: 'BSONObjectTooLarge', 11000: 'DuplicateKey', 11600: 'InterruptedAtShutdown', 11602: 'InterruptedDueToReplStateChange',
  13388: 'StaleConfig', 13435: 'NotPrimaryNoSecondaryOk', 13436: 'NotPrimaryOrSecondary', 14031: 'OutOfDiskSpace',
};

/** Codes that make the server label a failed retryable write (retryable writes specification, "Determining retryable errors"). */
const retryable = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** What a command answers with `ok: 0`. */
class CommandError extends Error {
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get answer() { return { ok: 0.0, errmsg: this.message, code: this.code, codeName: codeName(this.code), ...this.details }; }
}

const codeName = code => names[code] ?? `Location${code}`;

module.exports = { CommandError, codeName, retryable };
