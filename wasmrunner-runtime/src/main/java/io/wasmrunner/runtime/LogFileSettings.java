package io.wasmrunner.runtime;

import java.nio.file.Path;

/**
 * Where the output of guests is kept, and how much of it.
 *
 * @param folder folder with one folder per service; made when the first line comes
 * @param files most files of a service, the one being written included; at least 1
 * @param fileBytes a file that would grow beyond this is closed and the next one begun
 */
public record LogFileSettings(Path folder, int files, long fileBytes) {
  /** Checks ranges. */
  public LogFileSettings {
    if (files < 1) {
      throw new IllegalArgumentException("files must be at least 1, got " + files);
    }
    if (fileBytes < CleanText.LIMIT * 2L) {
      throw new IllegalArgumentException("fileBytes must hold some lines, got " + fileBytes);
    }
  }
}
