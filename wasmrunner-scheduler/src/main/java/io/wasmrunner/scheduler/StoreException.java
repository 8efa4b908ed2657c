package io.wasmrunner.scheduler;

import io.wasmrunner.model.WasmrunnerException;

/** The store could not be opened, or could not do what was asked; nothing of that was kept. */
final class StoreException extends WasmrunnerException {
  /** The data folder cannot be written. */
  static final String NOT_WRITABLE = "WR-4001";

  /** Another process uses the data folder. */
  static final String LOCKED = "WR-4002";

  /** The database is damaged or no database. */
  static final String CORRUPT = "WR-4003";

  /** The database was made by a newer version. */
  static final String NEWER = "WR-4004";

  /** The database cannot be opened for another reason. */
  static final String NOT_OPENED = "WR-4005";

  /** No room is left, on the disk or within the bound of the database. */
  static final String FULL = "WR-4101";

  /** Reading or writing failed for another reason. */
  static final String FAILED = "WR-4102";

  /** Too much waits to be written. */
  static final String OVERLOADED = "WR-4103";

  /** The scheduler is stopping. */
  static final String CLOSED = "WR-4104";

  private static final long serialVersionUID = 1L;

  /** Nothing begins any more. */
  static StoreException stopping() {
    return new StoreException(CLOSED, "wasmrunner is stopping", "Try again when it runs again.");
  }

  StoreException(String code, String message, String advice) {
    super(code, message, advice);
  }

  StoreException(String code, String message, String advice, Throwable cause) {
    super(code, message, advice, cause);
  }
}
