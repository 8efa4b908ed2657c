package io.wasmrunner.wasi;

/**
 * What all descriptors below one preopened folder have in common.
 *
 * @param writable false for read only
 * @param linkTimes exact times of links
 */
record Mount(boolean writable, LinkTimes linkTimes) {
  Mount(boolean writable) {
    this(writable, new LinkTimes());
  }

  /** Fails unless things may be changed here. */
  void requireWritable() {
    if (!writable) {
      throw Errno.ROFS.exception();
    }
  }

  /** The number for a right that is missing: what changes something never was there. */
  Errno lacks(long missing) {
    boolean change = (missing & (Rights.CHANGES_FOLDER | Rights.CHANGES_FILE)) != 0;
    return change && !writable ? Errno.ROFS : Errno.NOTCAPABLE;
  }
}
