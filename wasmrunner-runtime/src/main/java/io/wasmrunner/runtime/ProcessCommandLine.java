package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a process was started with. */
final class ProcessCommandLine {
  private ProcessCommandLine() {}

  /** Digest of a command line, so that it can be recognised and no secret in it is kept. */
  static String digest(List<String> words) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String word : words) {
        sha256.update(word.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Whether a process runs a command of so many words with this digest. Words before it do not
   * count: the system puts the interpreter of a script there.
   */
  static boolean matches(ProcessHandle process, int words, String digest) {
    List<String> shown = of(process);
    int surplus = shown.size() - words;
    return surplus >= 0 && digest(shown.subList(surplus, shown.size())).equals(digest);
  }

  /** The words that the system shows for a process. */
  static List<String> of(ProcessHandle process) {
    Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      List<String> words = new ArrayList<>(Arrays.asList(text.split("\0", -1)));
      words.remove(words.size() - 1); // after the last end
      return words;
    } catch (IOException notLinux) {
      List<String> words = new ArrayList<>();
      process.info().command().ifPresent(words::add);
      process.info().arguments().ifPresent(arguments -> words.addAll(Arrays.asList(arguments)));
      return words;
    }
  }
}
