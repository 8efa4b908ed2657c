package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class CodeCacheTest {
  @TempDir private Path folder;
  private Path cache;
  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

  @BeforeEach
  void listen() {
    cache = folder.resolve("cache");
    warnings.start();
    logger().addAppender(warnings);
  }

  @AfterEach
  void unlisten() {
    logger().detachAppender(warnings);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(CodeCache.class);
  }

  @Test
  void theSecondStartCompilesNothingAndIsReadyAtOnce() {
    Path file = exits(5);
    try (Engine first = engine()) {
      TestingGuests.compiled(first, file);
      assertThat(first.compilations()).isEqualTo(1);
    }
    try (Engine second = engine()) {
      Module module = second.load(file);
      assertThat(module.codeState()).isEqualTo(CodeState.COMPILED);
      assertThat(second.compilations()).isZero();
      Guest guest = Guest.start(module, GuestConfig.builder("g").build());
      assertThat(guest.codeState()).isEqualTo(CodeState.COMPILED);
      assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(5));
    }
    assertThat(warnings.list).isEmpty();
  }

  @Test
  void functionsTooLargeForTheJvmAreListedFromTheCacheTooAndRun() {
    String large = "(block (br_table " + "0 ".repeat(16_500) + "(local.get 0)))";
    Path file =
        TestingModules.wat(
            folder,
            "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"
                + " (func $large (param i32) (result i32) "
                + large
                + " (i32.add (local.get 0) (i32.const 5))) (func $small (result i32) (i32.const 7))"
                + " (func (export \"_start\") (call $exit (call $large (call $small)))))");
    for (int start = 0; start < 2; start++) {
      try (Engine engine = engine()) {
        Module module = TestingGuests.compiled(engine, file);
        assertThat(engine.compilations()).isEqualTo(1 - start);
        assertThat(module.interpretedFunctions()).containsExactly("func[1]");
        assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(12));
      }
    }
  }

  @Test
  void aDamagedEntryIsThrownAwayToldOnceAndCompiledAgain() throws IOException {
    Path file = exits(5);
    compile(file);
    byte[] good = Files.readAllBytes(entry());
    for (int at : new int[] {0, 31, 32, good.length / 2, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      recompiles(file, bad);
    }
    recompiles(file, new byte[0]);
    recompiles(file, java.util.Arrays.copyOf(good, good.length - 1));
    recompiles(file, java.util.Arrays.copyOf(good, good.length + 1));
    assertThat(warnings.list)
        .hasSize(8)
        .allSatisfy(event -> assertThat(event.getFormattedMessage()).startsWith("WR-6101"));
  }

  private void recompiles(Path file, byte[] entry) throws IOException {
    Files.write(entry(), entry);
    try (Engine engine = engine()) {
      Module module = TestingGuests.compiled(engine, file);
      assertThat(engine.compilations()).isEqualTo(1);
      assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(5));
    }
    try (Engine engine = engine()) {
      assertThat(engine.load(file).codeState()).isEqualTo(CodeState.COMPILED);
      assertThat(engine.compilations()).isZero();
    }
  }

  @Test
  void anEntryOfAnotherModuleIsNotTaken() throws IOException {
    Path one = exits(1);
    Path two = exits(2);
    compile(one);
    Path entryOfOne = entry();
    compile(two);
    Path entryOfTwo =
        entries().stream().filter(path -> !path.equals(entryOfOne)).findFirst().orElseThrow();
    Files.copy(entryOfOne, entryOfTwo, StandardCopyOption.REPLACE_EXISTING);
    try (Engine engine = engine()) {
      assertThat(TestingGuests.run(TestingGuests.compiled(engine, two)))
          .isEqualTo(new GuestExit.Exited(2));
      assertThat(engine.compilations()).isEqualTo(1);
    }
  }

  @Test
  void anEntryOfAnotherInstallationIsNotTaken() throws IOException {
    Path file = exits(5);
    compile(file);
    Files.write(cache.resolve("key"), new byte[32]);
    try (Engine engine = engine()) {
      TestingGuests.compiled(engine, file);
      assertThat(engine.compilations()).isEqualTo(1);
    }
  }

  @Test
  void onlyTheOwnerMayReadAndWrite() throws IOException {
    assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
    Files.createDirectory(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    compile(exits(5));
    assertThat(permissions(cache)).isEqualTo("rwx------");
    assertThat(permissions(entry())).isEqualTo("rw-------");
    assertThat(permissions(cache.resolve("key"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() throws IOException {
    Path old = exits(1);
    Path used = exits(2);
    Path fresh = exits(3);
    compile(old);
    long one = Files.size(entry());
    compile(used);
    for (Path entry : entries()) {
      Files.setLastModifiedTime(entry, FileTime.from(Instant.ofEpochSecond(10)));
    }
    Clock later = Clock.fixed(Instant.ofEpochSecond(20), ZoneOffset.UTC);
    EngineOptions options = new EngineOptions(cache, one * 5 / 2, 1, true);
    try (Engine engine = Engine.create(options, later)) {
      engine.load(used);
      TestingGuests.compiled(engine, fresh);
    }
    assertThat(entries()).hasSize(2);
    try (Engine engine = engine()) {
      assertThat(engine.load(used).codeState()).isEqualTo(CodeState.COMPILED);
      assertThat(engine.load(fresh).codeState()).isEqualTo(CodeState.COMPILED);
      TestingGuests.compiled(engine, old);
      assertThat(engine.compilations()).isEqualTo(1);
    }
  }

  @Test
  void whatADeadProcessLeftHalfWrittenIsRemoved() throws IOException {
    compile(exits(1));
    Path abandoned = Files.createFile(cache.resolve("new-1.tmp"));
    Path beingWritten = Files.createFile(cache.resolve("new-2.tmp"));
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    compile(exits(2));
    assertThat(abandoned).doesNotExist();
    assertThat(beingWritten).exists();
  }

  @Test
  void nothingLargerThanTheLimitIsKeptAndZeroTurnsItOff() throws IOException {
    for (long limit : new long[] {100, 0}) {
      try (Engine engine = Engine.create(new EngineOptions(cache, limit, 1, true))) {
        TestingGuests.compiled(engine, exits(5));
      }
    }
    assertThat(cache.resolve("key"))
        .satisfiesAnyOf(
            key -> assertThat(key).doesNotExist(), key -> assertThat(entries()).isEmpty());
  }

  @Test
  void aFolderThatCannotBeUsedCostsTheCacheOnly() throws IOException {
    Files.writeString(cache, "a file in the way");
    try (Engine engine = engine()) {
      assertThat(TestingGuests.run(TestingGuests.compiled(engine, exits(5))))
          .isEqualTo(new GuestExit.Exited(5));
      TestingGuests.compiled(engine, exits(6));
    }
    assertThat(warnings.list)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).startsWith("WR-6102"));
  }

  @Test
  void twoEnginesMayShareAFolder() throws IOException {
    List<Path> files = Stream.of(1, 2, 3, 4).map(this::exits).toList();
    try (Engine one = engine();
        Engine two = engine()) {
      List<Module> modules =
          files.stream().flatMap(file -> Stream.of(one.load(file), two.load(file))).toList();
      modules.forEach(module -> TestingGuests.get(module.compiled()));
    }
    assertThat(entries()).hasSize(4);
    try (Engine again = engine()) {
      files.forEach(file -> assertThat(again.load(file).codeState()).isEqualTo(CodeState.COMPILED));
    }
    assertThat(warnings.list).isEmpty();
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).hasSize(5); // the key, and nothing half-written
    }
  }

  private Engine engine() {
    return TestingGuests.compiler(folder);
  }

  private void compile(Path file) {
    try (Engine engine = engine()) {
      TestingGuests.compiled(engine, file);
    }
  }

  private Path exits(int code) {
    return TestingModules.program(
        folder,
        "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))",
        "(call $exit (i32.const " + code + "))");
  }

  private Path entry() throws IOException {
    return entries().get(0);
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .filter(path -> path.toString().endsWith(".wasmcode"))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }
}
