package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest does with open files. */
final class FileFunctionsTest {
  private static final int SET = 0;
  private static final int CURRENT = 1;
  private static final int END = 2;

  @TempDir private static Path modules;
  private static Module module;

  @TempDir private Path folder;
  private FileGuest guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(modules).load(Puppet.module(modules));
  }

  @BeforeEach
  void start() {
    guest = FileGuest.start(module, Preopen.readWrite(folder, "/"));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void handlesAreThereWhenTheFlagsOfTheLauncherAre() {
    assertThat(Handles.AVAILABLE).isEqualTo(Boolean.getBoolean("wr.handles"));
  }

  @Test
  void writesAndReadsAtItsPosition() throws IOException {
    int fd = guest.open("a.txt", FileGuest.CREATE);
    guest.write(fd, "hello world");
    assertThat(Files.readString(folder.resolve("a.txt"))).isEqualTo("hello world");
    assertThat(guest.read(fd, 4)).isEmpty();
    assertThat(guest.seek(fd, -5, CURRENT)).isEqualTo(6);
    assertThat(guest.read(fd, 100)).isEqualTo("world");
    assertThat(guest.seek(fd, 1, SET)).isEqualTo(1);
    assertThat(guest.read(fd, 3)).isEqualTo("ell");
    assertThat(guest.seek(fd, -1, END)).isEqualTo(10);
    assertThat(guest.puppet().call("fd_tell", fd, FileGuest.RESULT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().i64(FileGuest.RESULT)).isEqualTo(10);
  }

  @Test
  void refusesPositionsThatDoNotExist() {
    int fd = guest.open("a.txt", FileGuest.CREATE);
    assertThat(guest.trySeek(fd, -1, SET)).isEqualTo(Errno.INVAL);
    assertThat(guest.trySeek(fd, 0, 3)).isEqualTo(Errno.INVAL);
    assertThat(guest.seek(fd, 1L << 40, SET)).isEqualTo(1L << 40); // fits every file system
    assertThat(guest.trySeek(fd, Long.MAX_VALUE, CURRENT)).isEqualTo(Errno.INVAL);
  }

  @Test
  void readsAndWritesElsewhereWithoutMovingThePosition() {
    int fd = guest.open("a.txt", FileGuest.CREATE);
    guest.write(fd, "0123456789");
    guest.writeAt(fd, "abc", 2);
    assertThat(guest.readAt(fd, 6, 1)).isEqualTo("1abc56");
    assertThat(guest.readAt(fd, 6, 8)).isEqualTo("89");
    assertThat(guest.seek(fd, 0, CURRENT)).isEqualTo(10);
    assertThat(guest.puppet().call("fd_pread", fd, FileGuest.RESULT, 0, -1, FileGuest.RESULT))
        .isEqualTo(Errno.INVAL);
  }

  @Test
  void appendsWhereverThePositionIsAndWhoeverElseWrites() throws IOException {
    Files.writeString(folder.resolve("log"), "one\n");
    int fd = guest.open(FileGuest.ROOT, "log", 0, FileGuest.READ_WRITE, Descriptor.APPEND);
    guest.write(fd, "two\n");
    Files.writeString(folder.resolve("log"), "three\n", java.nio.file.StandardOpenOption.APPEND);
    guest.seek(fd, 0, SET);
    guest.write(fd, "four\n");
    assertThat(guest.seek(fd, 0, CURRENT)).isEqualTo(19);
    assertThat(Files.readString(folder.resolve("log"))).isEqualTo("one\ntwo\nthree\nfour\n");

    assertThat(guest.puppet().call("fd_fdstat_set_flags", fd, 0)).isEqualTo(Errno.SUCCESS);
    guest.seek(fd, 0, SET);
    guest.write(fd, "ONE");
    assertThat(Files.readString(folder.resolve("log"))).startsWith("ONE\ntwo");
  }

  @Test
  void keepsTheFlagsItWasOpenedWith() {
    int flags = Descriptor.APPEND | Descriptor.SYNC | Descriptor.DSYNC;
    int fd = guest.open(FileGuest.ROOT, "a", FileGuest.CREATE, FileGuest.READ_WRITE, flags);
    guest.write(fd, "synchronous");
    assertThat(guest.puppet().call("fd_fdstat_get", fd, FileGuest.STAT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().read(FileGuest.STAT, 3)).containsExactly(4, 0, flags);
    assertThat(guest.puppet().call("fd_sync", fd)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().call("fd_datasync", fd)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().call("fd_sync", FileGuest.ROOT)).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void changesTheSizeAndKeepsThePosition() {
    int fd = guest.open("a", FileGuest.CREATE);
    guest.write(fd, "0123456789");
    assertThat(guest.puppet().call("fd_filestat_set_size", fd, 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.size(fd)).isEqualTo(4);
    assertThat(guest.seek(fd, 0, CURRENT)).isEqualTo(10);
    assertThat(guest.puppet().call("fd_filestat_set_size", fd, 6)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.readAt(fd, 10, 0)).isEqualTo("0123\0\0");
    assertThat(guest.puppet().call("fd_allocate", fd, 2, 2)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.size(fd)).isEqualTo(6);
    assertThat(guest.puppet().call("fd_allocate", fd, 6, 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.size(fd)).isEqualTo(10);
    assertThat(guest.puppet().call("fd_allocate", fd, 1, Long.MAX_VALUE)).isEqualTo(Errno.FBIG);
    assertThat(guest.puppet().call("fd_allocate", fd, 0, 0)).isEqualTo(Errno.INVAL);
    assertThat(guest.puppet().call("fd_filestat_set_size", fd, -1)).isEqualTo(Errno.INVAL);
    assertThat(guest.puppet().call("fd_advise", fd, 0, 10, 5)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().call("fd_advise", fd, 0, 10, 6)).isEqualTo(Errno.INVAL);
  }

  @Test
  void tellsWhatTheSystemKnows() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "12345");
    Files.createLink(folder.resolve("b"), file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1000, 123_456_789)));
    int fd = guest.open("a", 0);

    assertThat(guest.size(fd)).isEqualTo(5);
    assertThat(guest.puppet().i64(FileGuest.STAT)).isEqualTo(Files.getAttribute(file, "unix:dev"));
    assertThat(guest.puppet().i64(FileGuest.STAT + 8))
        .isEqualTo(Files.getAttribute(file, "unix:ino"));
    assertThat(guest.puppet().read(FileGuest.STAT + 16, 1)).containsExactly(4);
    assertThat(guest.puppet().i64(FileGuest.STAT + 24)).isEqualTo(2);
    assertThat(guest.puppet().i64(FileGuest.STAT + 48)).isEqualTo(1_000_123_456_789L);
  }

  @Test
  void anOpenFileOutlivesItsName() {
    int fd = guest.open("a", FileGuest.CREATE);
    guest.write(fd, "still here");
    assertThat(guest.unlink("a")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.readAt(fd, 20, 0)).isEqualTo("still here");
    assertThat(guest.size(fd)).isEqualTo(10);
    assertThat(guest.puppet().i64(FileGuest.STAT + 24)).as("links").isZero();
  }

  @Test
  void setsTimes() throws IOException {
    int fd = guest.open("a", FileGuest.CREATE);
    long modified = 1_700_000_000_123_456_789L;
    assertThat(guest.puppet().call("fd_filestat_set_times", fd, 7, modified, 5))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.size(fd)).isZero();
    assertThat(guest.puppet().i64(FileGuest.STAT + 40)).isEqualTo(7);
    assertThat(guest.puppet().i64(FileGuest.STAT + 48)).isEqualTo(modified);
    assertThat(guest.puppet().call("fd_filestat_set_times", fd, 0, 0, 2 + 4))
        .isEqualTo(Errno.SUCCESS);
    assertThat(Files.getLastModifiedTime(folder.resolve("a")).toMillis()).isZero();
    for (int wrong : new int[] {3, 12, 16}) {
      assertThat(guest.puppet().call("fd_filestat_set_times", fd, 0, 0, wrong))
          .isEqualTo(Errno.INVAL);
    }
    assertThat(guest.puppet().call("fd_filestat_set_times", FileGuest.ROOT, 9, 9, 5))
        .isEqualTo(Errno.SUCCESS);
    assertThat(Files.getLastModifiedTime(folder).toMillis()).isZero();
  }

  @Test
  void opensWithTheModeThatTheRightsAskFor() throws IOException {
    Files.writeString(folder.resolve("a"), "text");
    int reader = guest.open(FileGuest.ROOT, "a", 0, FileGuest.READ, 0);
    int writer = guest.open(FileGuest.ROOT, "a", 0, Rights.FD_WRITE, 0);
    assertThat(guest.tryWrite(reader, "x")).isEqualTo(Errno.BADF);
    assertThat(guest.read(reader, 9)).isEqualTo("text");
    assertThat(guest.tryRead(writer, 9)).isEqualTo(Errno.BADF);
    guest.write(writer, "TEXT");
    assertThat(guest.puppet().call("fd_filestat_set_size", reader, 0)).isEqualTo(Errno.NOTCAPABLE);
    assertThat(Files.readString(folder.resolve("a"))).isEqualTo("TEXT");
  }

  @Test
  void rightsCanOnlyBeGivenUp() {
    int fd = guest.open("a", FileGuest.CREATE);
    long left = FileGuest.READ_WRITE & ~Rights.FD_WRITE;
    assertThat(guest.puppet().call("fd_fdstat_set_rights", fd, left, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryWrite(fd, "x")).isEqualTo(Errno.BADF);
    assertThat(guest.puppet().call("fd_fdstat_set_rights", fd, FileGuest.READ_WRITE, 0))
        .isEqualTo(Errno.NOTCAPABLE);
    assertThat(guest.puppet().call("fd_fdstat_set_rights", FileGuest.ROOT, Rights.PATH_OPEN, 0))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.createFolder("d")).isEqualTo(Errno.NOTCAPABLE);
    assertThat(guest.tryOpen("a", 0)).isEqualTo(Errno.NOTCAPABLE);
  }

  @Test
  void isAlwaysReadyToAPoll() {
    int fd = guest.open("a", FileGuest.CREATE);
    int in = FileGuest.DATA;
    guest.puppet().longs(in, 11, 1, fd, 0, 0, 0, 12, 2, fd, 0, 0, 0);
    assertThat(guest.puppet().call("poll_oneoff", in, in + 200, 2, FileGuest.RESULT))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().i32(FileGuest.RESULT)).isEqualTo(2);
    assertThat(guest.puppet().i64(in + 200)).isEqualTo(11);
    assertThat(guest.puppet().i64(in + 232)).isEqualTo(12);
  }

  @Test
  void sharesTheTableWithSocketsAndStreams() {
    int file = guest.open("a", FileGuest.CREATE);
    assertThat(guest.puppet().call("sock_open", 1, 2, FileGuest.RESULT)).isEqualTo(Errno.SUCCESS);
    int socket = guest.puppet().i32(FileGuest.RESULT);
    assertThat(socket).isEqualTo(file + 1);
    assertThat(guest.puppet().call("fd_renumber", socket, file)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.trySeek(file, 0, SET)).isEqualTo(Errno.SPIPE);
    assertThat(guest.path("path_unlink_file", file, "a")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.puppet().call("sock_listen", FileGuest.ROOT, 1)).isEqualTo(Errno.NOTSOCK);
    assertThat(guest.open("a", 0)).isEqualTo(socket);
    assertThat(guest.puppet().guest().openDescriptors()).isEqualTo(6);
  }

  @Test
  void aFolderIsNoFile() {
    int fd = FileGuest.ROOT;
    assertThat(guest.tryRead(fd, 4)).isEqualTo(Errno.ISDIR);
    assertThat(guest.tryWrite(fd, "x")).isEqualTo(Errno.ISDIR);
    assertThat(guest.trySeek(fd, 0, SET)).isEqualTo(Errno.ISDIR);
    assertThat(guest.puppet().call("fd_filestat_set_size", fd, 0)).isEqualTo(Errno.ISDIR);
    assertThat(guest.puppet().call("fd_allocate", fd, 0, 1)).isEqualTo(Errno.ISDIR);
  }
}
