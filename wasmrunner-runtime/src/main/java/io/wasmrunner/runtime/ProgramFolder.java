package io.wasmrunner.runtime;

import java.nio.file.Path;

/**
 * A folder that a program may use.
 *
 * @param host folder on the host
 * @param guest name under which the program sees it
 * @param writable false for read only
 */
public record ProgramFolder(Path host, String guest, boolean writable) {
  private static final String SEPARATOR = "::";
  private static final String READ_ONLY = ":ro";

  /**
   * Reads {@code HOST[::GUEST][:ro]}. Without {@code GUEST} the program sees the folder under the
   * name that is written for the host's.
   *
   * @throws IllegalArgumentException when one of the names is empty
   */
  public static ProgramFolder parse(String text) {
    boolean readOnly = text.endsWith(READ_ONLY);
    String names = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
    int separator = names.indexOf(SEPARATOR);
    String host = separator < 0 ? names : names.substring(0, separator);
    String guest = separator < 0 ? names : names.substring(separator + SEPARATOR.length());
    if (host.isEmpty() || guest.isEmpty()) {
      throw new IllegalArgumentException(
          "expected HOST, HOST::GUEST or HOST::GUEST:ro, found \"" + text + "\"");
    }
    return new ProgramFolder(Path.of(host), guest, !readOnly);
  }
}
