package io.wasmrunner.wasi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A folder that a guest may use, with everything below it. Nothing outside can be reached through
 * it: not by {@code ..}, not by absolute paths, not by symbolic links.
 *
 * @param host folder on the host; has to exist when the guest starts
 * @param guest name under which the guest sees it, such as {@code /data}, {@code /} or {@code .};
 *     not empty
 * @param writable false for read only: whatever would change something gets EROFS
 */
public record Preopen(Path host, String guest, boolean writable) {
  private static final int MAX_NAME_BYTES = 4096;

  /** Checks the name. */
  public Preopen {
    if (guest.isEmpty() || guest.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the guest's name of a folder is empty or has a NUL: '" + guest + "'");
    }
    if (guest.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the guest's name of a folder is longer than " + MAX_NAME_BYTES + " bytes");
    }
  }

  /** A folder that the guest may only read. */
  public static Preopen readOnly(Path host, String guest) {
    return new Preopen(host, guest, false);
  }

  /** A folder in which the guest may do everything that this process may. */
  public static Preopen readWrite(Path host, String guest) {
    return new Preopen(host, guest, true);
  }
}
