package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The folders of a guest's configuration, opened before it starts. */
final class Preopens {
  static final String UNUSABLE = "WR-6011";

  private final List<GuestFolder> folders = new ArrayList<>();

  private Preopens() {}

  /** Opens all of them, or none. */
  static Preopens open(GuestConfig config) {
    Preopens opened = new Preopens();
    for (Preopen preopen : config.preopens()) {
      try {
        opened.folders.add(GuestFolder.preopened(Folder.open(preopen.host()), preopen));
      } catch (IOException | ErrnoException e) {
        opened.close();
        throw new ModuleException(
            UNUSABLE,
            "The folder "
                + preopen.host()
                + ", which "
                + config.name()
                + " is to see as "
                + preopen.guest()
                + ", cannot be opened: "
                + e
                + ".",
            "Create it, correct the path, or give this user the right to read it.",
            e);
      }
    }
    return opened;
  }

  /** Gives them to the guest, in the order of the configuration. */
  void addTo(DescriptorTable descriptors) {
    folders.forEach(descriptors::add);
    folders.clear();
  }

  /** Closes those that no guest was given. */
  void close() {
    for (GuestFolder folder : folders) {
      try {
        folder.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    folders.clear();
  }
}
