package io.wasmrunner.launcher;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * The classes of a start as the JVM keeps them in a file: the next start takes half of the CPU. The
 * JVM writes it when the process ends, once, and again after another Java or another jar; it checks
 * it on opening, and does without one that is cut off. One that a failed start left behind would
 * lack most classes for ever, so one counts only with a note that a whole run has left beside it.
 */
final class StartArchive {
  /**
   * The archive that whoever started this process lets the JVM write, as scripts/wasmrunner does.
   */
  private static final String WRITTEN_FOR_COMMAND = "io.wasmrunner.start-archive";

  /** Log tags of a newer Java may have other names, and a wrong one would end it. */
  private static final int NEWEST_KNOWN_JAVA = 25;

  private static final int SEPARATE_TAG_SINCE = 25;
  private static final List<String> OWN_CHOICES =
      List.of(
          "SharedArchiveFile",
          "ArchiveClassesAtExit",
          "AutoCreateSharedArchive",
          "RequireSharedSpaces",
          "UseSharedSpaces",
          "AOTCache",
          "AOTCacheOutput",
          "AOTMode",
          "AOTConfiguration");

  /** Belongs to the user of this process; where it is missing there is no archive. */
  private static final Path SELF = Path.of("/proc/self");

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private StartArchive() {}

  /**
   * Where it is kept; absent when somebody chose otherwise, the folder is not ours alone, or the
   * JVM cannot be told of it.
   */
  static Optional<Path> file(JvmFlags jvm, Path dataFolder) {
    int java = Runtime.version().feature();
    if (java > NEWEST_KNOWN_JAVA || jvm.anyChosen(OWN_CHOICES)) {
      return Optional.empty();
    }
    Path folder = dataFolder.resolve("cache");
    if (folder.toString().contains(File.pathSeparator)) {
      return Optional.empty(); // the JVM would take the path for two
    }
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(dataFolder);
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      // What is in there runs with our rights, so nobody else may have put it there.
      boolean ours =
          OWNER_ONLY.containsAll(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS))
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(SELF));
      if (!ours) {
        return Optional.empty();
      }
      Path file = archive(folder);
      Path note = note(file);
      if (!Files.exists(note) || !Files.readString(note).equals(made())) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(note);
      }
      return Optional.of(file);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // the start says what is wrong with the folder
    }
  }

  /** What this process leaves behind, when it ends, is of a whole run. */
  static void confirm(Path dataFolder) {
    Path folder = dataFolder.resolve("cache");
    String asked = System.getProperty(WRITTEN_FOR_COMMAND);
    if (asked != null) {
      confirmArchive(Path.of(asked));
    } else if (System.getProperty(Relaunch.DONE) != null && Files.isDirectory(folder)) {
      confirmArchive(archive(folder));
    }
  }

  private static void confirmArchive(Path archive) {
    try {
      Files.writeString(note(archive), made());
    } catch (IOException e) {
      LoggerFactory.getLogger(StartArchive.class).debug("no note on the start archive", e);
    }
  }

  private static Path archive(Path folder) {
    return folder.resolve("start-jdk" + Runtime.version().feature() + ".jsa");
  }

  private static Path note(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".made-by");
  }

  /** What an archive depends on. */
  private static String made() throws IOException {
    CodeSource home = StartArchive.class.getProtectionDomain().getCodeSource();
    String jar = "";
    if (home != null) {
      Path file = Path.of(URI.create(home.getLocation().toString()));
      jar = Files.size(file) + " " + Files.getLastModifiedTime(file);
    }
    return Runtime.version() + " " + jar;
  }

  static List<String> flags(Path file) {
    String quiet = "-Xlog:cds=error"; // else it tells of every class that it leaves out
    boolean separate = Runtime.version().feature() >= SEPARATE_TAG_SINCE;
    return List.of(
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + file,
        separate ? quiet + ",aot=error" : quiet);
  }
}
