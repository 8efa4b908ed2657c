package io.wasmrunner.wasi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled code on disk. An entry is code that runs with our rights, so each carries a MAC made
 * with the installation's key: one that was damaged, changed, or put there for another module is
 * thrown away and compiled again. Any trouble with the folder only costs the cache, never a start.
 * Thread-safe; several processes may share a folder.
 */
final class CodeCache {
  static final String ENTRY_REJECTED = "WR-6101";
  static final String UNUSABLE = "WR-6102";

  private static final Logger log = LoggerFactory.getLogger(CodeCache.class);
  static final String SUFFIX = ".wasmcode";
  private static final int FORMAT = 3;
  private static final int MAC_BYTES = 32;

  /** No write takes that long. */
  private static final Duration WRITTEN_BY = Duration.ofHours(1);

  private final Path directory;
  private final long limitBytes;
  private final Clock clock;
  private boolean unusableReported;
  private @Nullable SecretKeySpec key;

  CodeCache(Path directory, long limitBytes, Clock clock) {
    this.directory = directory;
    this.limitBytes = limitBytes;
    this.clock = clock;
  }

  /** The code of a module, when there is an intact entry. */
  Optional<JvmCode> get(String moduleDigest) {
    if (limitBytes == 0) {
      return Optional.empty();
    }
    String name = name(moduleDigest);
    Path file = directory.resolve(name);
    try {
      if (Files.size(file) > limitBytes) {
        throw new RejectedEntryException("larger than the cache may be");
      }
      JvmCode code = open(name, Files.readAllBytes(file));
      touch(file);
      return Optional.of(code);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (RejectedEntryException e) {
      log.warn(
          "{}: cache entry {} is {}; it is removed and the module compiled again",
          ENTRY_REJECTED,
          file,
          e.getMessage());
      delete(file);
      return Optional.empty();
    } catch (IOException | GeneralSecurityException e) {
      unusable(e);
      return Optional.empty();
    }
  }

  /** Whether an entry is as this installation wrote it; changes nothing. */
  boolean intact(Path file) {
    try {
      open(file.getFileName().toString(), Files.readAllBytes(file));
      return true;
    } catch (RejectedEntryException | IOException | GeneralSecurityException e) {
      return false;
    }
  }

  /** For {@link #evict}; that another process may have removed the entry by now is no loss. */
  private void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (NoSuchFileException e) {
      log.debug("{} was removed meanwhile", file);
    } catch (IOException e) {
      unusable(e);
    }
  }

  /** Removes an entry whose code the JVM did not accept. */
  void reject(String moduleDigest, Throwable reason) {
    Path file = directory.resolve(name(moduleDigest));
    log.warn("{}: cache entry {} does not load and is removed", ENTRY_REJECTED, file, reason);
    delete(file);
  }

  /** Keeps the code of a module, and removes what was not used for longest. */
  void put(String moduleDigest, JvmCode code) {
    if (limitBytes == 0) {
      return;
    }
    String name = name(moduleDigest);
    try {
      byte[] entry = seal(name, code);
      if (entry.length > limitBytes) {
        return;
      }
      PrivateFiles.write(directory.resolve(name), entry);
      evict(name);
    } catch (IOException | GeneralSecurityException e) {
      unusable(e);
    }
  }

  /** What the code depends on: the module, the engine, the JDK and our format. */
  private static String name(String moduleDigest) {
    return moduleDigest.replace(':', '-')
        + "-"
        + JvmCode.ENGINE
        + "-jdk"
        + Runtime.version().feature()
        + "-v"
        + FORMAT
        + SUFFIX;
  }

  private byte[] seal(String name, JvmCode code) throws IOException, GeneralSecurityException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeInt(code.imported());
      out.writeInt(code.interpreted().size());
      for (int function : code.interpreted()) {
        out.writeInt(function);
      }
      writeLint(out, code.lint());
      out.writeUTF(code.mainClass());
      out.writeInt(code.classes().size());
      for (Map.Entry<String, byte[]> type : code.classes().entrySet()) {
        out.writeUTF(type.getKey());
        out.writeInt(type.getValue().length);
        out.write(type.getValue());
      }
    }
    byte[] content = bytes.toByteArray();
    byte[] entry = Arrays.copyOf(mac(name, content, 0), MAC_BYTES + content.length);
    System.arraycopy(content, 0, entry, MAC_BYTES, content.length);
    return entry;
  }

  private JvmCode open(String name, byte[] entry)
      throws IOException, GeneralSecurityException, RejectedEntryException {
    if (entry.length <= MAC_BYTES) {
      throw new RejectedEntryException("truncated");
    }
    byte[] claimed = Arrays.copyOf(entry, MAC_BYTES);
    if (!MessageDigest.isEqual(claimed, mac(name, entry, MAC_BYTES))) {
      throw new RejectedEntryException("damaged, or was not written by this installation");
    }
    var content = new ByteArrayInputStream(entry, MAC_BYTES, entry.length - MAC_BYTES);
    try (DataInputStream in = new DataInputStream(new InflaterInputStream(content))) {
      int imported = in.readInt();
      SortedSet<Integer> interpreted = new TreeSet<>();
      for (int left = in.readInt(); left > 0; left--) {
        interpreted.add(in.readInt());
      }
      JitLint lint = readLint(in);
      String mainClass = in.readUTF();
      Map<String, byte[]> classes = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        classes.put(in.readUTF(), in.readNBytes(in.readInt()));
      }
      return new JvmCode(mainClass, classes, interpreted, imported, lint);
    }
  }

  private static void writeLint(DataOutputStream out, JitLint lint) throws IOException {
    out.writeInt(lint.hugeCount());
    for (List<JitLint.Counted> functions : List.of(lint.huge(), lint.stuckLoops())) {
      out.writeInt(functions.size());
      for (JitLint.Counted counted : functions) {
        out.writeInt(counted.function());
        out.writeInt(counted.count());
      }
    }
  }

  private static JitLint readLint(DataInputStream in) throws IOException {
    int hugeCount = in.readInt();
    List<JitLint.Counted> huge = readCounted(in);
    return new JitLint(huge, hugeCount, readCounted(in));
  }

  private static List<JitLint.Counted> readCounted(DataInputStream in) throws IOException {
    List<JitLint.Counted> functions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      functions.add(new JitLint.Counted(in.readInt(), in.readInt()));
    }
    return List.copyOf(functions);
  }

  private byte[] mac(String name, byte[] bytes, int from)
      throws IOException, GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key());
    mac.update(name.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    mac.update(bytes, from, bytes.length - from);
    return mac.doFinal();
  }

  private synchronized SecretKeySpec key() throws IOException {
    SecretKeySpec known = key;
    if (known == null) {
      known = new SecretKeySpec(PrivateFiles.secret(directory.resolve("key")), "HmacSHA256");
      key = known;
    }
    return known;
  }

  private void evict(String keep) throws IOException {
    record Entry(Path file, long bytes, FileTime used) {}
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
        } else if (name.endsWith(PrivateFiles.UNFINISHED) && abandoned(file)) {
          delete(file);
        }
      }
    } catch (NoSuchFileException e) {
      return; // another process cleans up at this moment
    }
    entries.sort(Comparator.comparing(Entry::used));
    long total = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      if (total <= limitBytes) {
        break;
      }
      if (!entry.file().getFileName().toString().equals(keep)) {
        delete(entry.file());
        total -= entry.bytes();
      }
    }
  }

  /** Whether a process died while it wrote the file. */
  private boolean abandoned(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().isBefore(clock.instant().minus(WRITTEN_BY));
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      unusable(e);
    }
  }

  private synchronized void unusable(Exception e) {
    if (!unusableReported) {
      unusableReported = true;
      log.warn(
          "{}: the compiled-code cache {} cannot be used, so every start compiles anew; make it a"
              + " folder that only the user of this process can write to",
          UNUSABLE,
          directory,
          e);
    }
  }

  private static final class RejectedEntryException extends Exception {
    RejectedEntryException(String what) {
      super(what);
    }
  }
}
