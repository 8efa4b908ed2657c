package io.wasmrunner.wasi;

/** Tells a guest's listener what the guest does in one preopened folder: what it may, once. */
final class FolderUse {
  private final String guest;
  private final GuestListener listener;
  private boolean used;
  private boolean changed;

  /**
   * Nothing used yet.
   *
   * @param guest the guest's name of the folder
   */
  FolderUse(String guest, GuestListener listener) {
    this.guest = guest;
    this.listener = listener;
  }

  void use(boolean change) {
    if (!used || (change && !changed)) {
      used = true;
      changed |= change;
      listener.folderUsed(guest, change);
    }
  }

  /** It wanted to change something and may only read. */
  void refuseChange() {
    listener.folderDenied(guest, "", "the folder is read only");
  }

  /** A path led out. */
  void refuse(String path) {
    listener.folderDenied(guest, path, "the path leads out of the folder");
  }
}
