package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a guest's configuration, opened before it starts. */
final class Preopens {
  static final String UNUSABLE = "WR-6011";

  private static final Logger log = LoggerFactory.getLogger(Preopens.class);

  private final List<GuestFolder> folders = new ArrayList<>();

  private Preopens() {}

  /** Opens all of them, or none. */
  static Preopens open(GuestConfig config) {
    Preopens opened = new Preopens();
    for (Preopen preopen : config.preopens()) {
      try {
        opened.folders.add(
            GuestFolder.preopened(Folder.open(preopen.host()), preopen, config.listener()));
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
        log.debug("A folder did not close", e);
      }
    }
    folders.clear();
  }
}
