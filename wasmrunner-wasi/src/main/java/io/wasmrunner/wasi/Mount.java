package io.wasmrunner.wasi;

/**
 * What all descriptors below one preopened folder have in common.
 *
 * @param writable false for read only
 * @param linkTimes exact times of links
 * @param use told of what happens there
 */
record Mount(boolean writable, LinkTimes linkTimes, FolderUse use) {
  Mount(boolean writable, FolderUse use) {
    this(writable, new LinkTimes(), use);
  }

  /** Fails unless things may be changed here. */
  void requireWritable() {
    if (!writable) {
      use.refuseChange();
      throw Errno.ROFS.exception();
    }
    use.use(true);
  }

  /** The number for a right that is missing: what changes something never was there. */
  Errno lacks(long missing) {
    boolean change = (missing & (Rights.CHANGES_FOLDER | Rights.CHANGES_FILE)) != 0;
    if (!change || writable) {
      return Errno.NOTCAPABLE;
    }
    use.refuseChange();
    return Errno.ROFS;
  }
}
