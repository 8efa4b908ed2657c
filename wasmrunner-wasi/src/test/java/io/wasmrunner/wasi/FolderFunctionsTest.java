package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preopened folders and lists of what is in folders. */
final class FolderFunctionsTest {
  @TempDir private static Path modules;
  private static Module module;

  @TempDir private Path folder;

  private record Entry(long next, long inode, int type, String name) {}

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(modules).load(Puppet.module(modules));
  }

  @Test
  void preopenedFoldersComeAfterTheStreamsUnderTheirNames() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (FileGuest guest =
        FileGuest.start(module, Preopen.readWrite(folder, "/data"), Preopen.readOnly(other, "."))) {
      assertThat(name(guest, 3)).isEqualTo("/data");
      assertThat(name(guest, 4)).isEqualTo(".");
      Puppet puppet = guest.puppet();
      assertThat(puppet.call("fd_prestat_get", 5, FileGuest.RESULT)).isEqualTo(Errno.BADF);
      assertThat(puppet.call("fd_prestat_get", 1, FileGuest.RESULT)).isEqualTo(Errno.BADF);
      assertThat(puppet.call("fd_prestat_dir_name", 3, FileGuest.DATA, 4))
          .isEqualTo(Errno.NAMETOOLONG);
      int below = guest.openFolder("other");
      assertThat(puppet.call("fd_prestat_get", below, FileGuest.RESULT)).isEqualTo(Errno.BADF);
      assertThat(puppet.guest().openDescriptors()).isEqualTo(6);
    }
  }

  private static String name(FileGuest guest, int fd) {
    Puppet puppet = guest.puppet();
    assertThat(puppet.call("fd_prestat_get", fd, FileGuest.RESULT)).isEqualTo(Errno.SUCCESS);
    assertThat(puppet.i32(FileGuest.RESULT)).isZero();
    int length = puppet.i32(FileGuest.RESULT + 4);
    assertThat(puppet.call("fd_prestat_dir_name", fd, FileGuest.DATA, length + 1))
        .isEqualTo(Errno.SUCCESS);
    return puppet.text(FileGuest.DATA, length);
  }

  @Test
  void aFolderThatDoesNotExistStopsTheStart() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path wrong : List.of(folder.resolve("none"), file)) {
      GuestConfig config =
          GuestConfig.builder("test")
              .preopens(List.of(Preopen.readOnly(folder, "/"), Preopen.readOnly(wrong, "/data")))
              .build();
      assertThatThrownBy(() -> Guest.start(module, config))
          .isInstanceOf(ModuleException.class)
          .hasMessageStartingWith("WR-6011")
          .hasMessageContaining(wrong.toString())
          .hasMessageContaining("/data");
    }
  }

  @Test
  void namesAndNumbersOfFoldersHaveToFit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Preopen.readOnly(folder, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> Preopen.readOnly(folder, "a\0"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                GuestConfig.builder("x")
                    .preopens(List.of(Preopen.readOnly(folder, "/")))
                    .maxDescriptors(3)
                    .build())
        .withMessageContaining("one more for every folder");
  }

  @Test
  void listsWithTypesAndNumbers() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Files.createDirectory(folder.resolve("dir"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    try (FileGuest guest = FileGuest.start(module, Preopen.readOnly(folder, "/"))) {
      List<Entry> entries = list(guest, FileGuest.ROOT, 4096);
      assertThat(entries.subList(0, 2)).extracting(Entry::name).containsExactly(".", "..");
      assertThat(entries).filteredOn(e -> e.name.equals("file")).first().matches(e -> e.type == 4);
      assertThat(entries).filteredOn(e -> e.name.equals("dir")).first().matches(e -> e.type == 3);
      assertThat(entries).filteredOn(e -> e.name.equals("link")).first().matches(e -> e.type == 7);
      assertThat(entries)
          .filteredOn(e -> e.name.equals("file"))
          .extracting(Entry::inode)
          .containsExactly((Long) Files.getAttribute(folder.resolve("file"), "unix:ino"));
      assertThat(entries.get(1).inode).as("not the parent's").isEqualTo(entries.get(0).inode);
    }
  }

  @Test
  void listsInPiecesOfAnySizeAndStartsAgainAnywhere() throws IOException {
    Set<String> names = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 60; i++) {
      names.add(Files.writeString(folder.resolve("name-" + i), "").getFileName().toString());
    }
    try (FileGuest guest = FileGuest.start(module, Preopen.readOnly(folder, "/"))) {
      for (int size : new int[] {40, 100, 1000, 8192}) {
        List<Entry> entries = list(guest, FileGuest.ROOT, size);
        assertThat(entries).as("in pieces of " + size).hasSize(62);
        assertThat(new TreeSet<>(entries.stream().map(Entry::name).toList())).isEqualTo(names);
      }
      List<Entry> all = list(guest, FileGuest.ROOT, 8192);
      assertThat(read(guest, FileGuest.ROOT, 8192, all.get(30).next).entries)
          .isEqualTo(all.subList(31, 62));
      assertThat(read(guest, FileGuest.ROOT, 8192, 1000).entries).isEmpty();
      assertThat(read(guest, FileGuest.ROOT, 8192, -1).entries).isEmpty();
      assertThat(read(guest, FileGuest.ROOT, 0, 0).entries).isEmpty();
    }
  }

  @Test
  void seesNewNamesAfterABeginningAnew() {
    try (FileGuest guest = FileGuest.start(module, Preopen.readWrite(folder, "/"))) {
      assertThat(list(guest, FileGuest.ROOT, 4096)).hasSize(2);
      guest.open("new", FileGuest.CREATE);
      assertThat(list(guest, FileGuest.ROOT, 4096)).hasSize(3);
      assertThat(guest.createFolder("dir")).isEqualTo(Errno.SUCCESS);
      int dir = guest.openFolder("dir");
      guest.open(dir, "inner", FileGuest.CREATE, FileGuest.READ_WRITE, 0);
      assertThat(list(guest, dir, 4096)).extracting(Entry::name).contains("inner");
    }
  }

  @Test
  void onlyFoldersAreListed() {
    try (FileGuest guest = FileGuest.start(module, Preopen.readWrite(folder, "/"))) {
      int file = guest.open("a", FileGuest.CREATE);
      assertThat(call(guest, file, 100, 0)).isEqualTo(Errno.NOTDIR);
      assertThat(call(guest, 99, 100, 0)).isEqualTo(Errno.BADF);
      assertThat(call(guest, FileGuest.ROOT, -1, 0)).isEqualTo(Errno.FAULT);
    }
  }

  @Test
  void nothingStaysOpenAfterTheGuest() throws IOException {
    FileGuest warmUp = FileGuest.start(module, Preopen.readWrite(folder, "/"));
    warmUp.close();
    long before = openOfFolder();
    try (FileGuest guest = FileGuest.start(module, Preopen.readWrite(folder, "/"))) {
      assertThat(guest.createFolder("dir")).isEqualTo(Errno.SUCCESS);
      guest.openFolder("dir");
      guest.open("dir/file", FileGuest.CREATE);
      assertThat(guest.tryOpen("dir/none/file", 0)).isEqualTo(Errno.NOENT);
      call(guest, FileGuest.ROOT, 30, 0); // in the middle of a list
      assertThat(openOfFolder()).isGreaterThan(before);
    }
    assertThat(openOfFolder()).isEqualTo(before);
  }

  private long openOfFolder() throws IOException {
    long count = 0;
    try (var numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path number : numbers) {
        count += isBelowFolder(number) ? 1 : 0;
      }
    }
    return count;
  }

  private boolean isBelowFolder(Path number) {
    try {
      return Files.readSymbolicLink(number).startsWith(folder.toRealPath());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private record Part(List<Entry> entries, boolean full) {}

  private static Errno call(FileGuest guest, int fd, int size, long cookie) {
    return guest.puppet().call("fd_readdir", fd, FileGuest.DATA, size, cookie, FileGuest.RESULT);
  }

  private static Part read(FileGuest guest, int fd, int size, long cookie) {
    assertThat(call(guest, fd, size, cookie)).isEqualTo(Errno.SUCCESS);
    int used = guest.puppet().i32(FileGuest.RESULT);
    ByteBuffer bytes =
        ByteBuffer.wrap(guest.puppet().read(FileGuest.DATA, used)).order(ByteOrder.LITTLE_ENDIAN);
    List<Entry> entries = new ArrayList<>();
    while (bytes.remaining() >= 24) {
      long next = bytes.getLong();
      long inode = bytes.getLong();
      int length = bytes.getInt();
      int type = bytes.getInt();
      if (bytes.remaining() < length) {
        break;
      }
      byte[] name = new byte[length];
      bytes.get(name);
      entries.add(new Entry(next, inode, type, new String(name, StandardCharsets.UTF_8)));
    }
    return new Part(entries, used == size);
  }

  /** As wasi-libc does it. */
  private static List<Entry> list(FileGuest guest, int fd, int size) {
    List<Entry> all = new ArrayList<>();
    long cookie = 0;
    Part part;
    do {
      part = read(guest, fd, size, cookie);
      all.addAll(part.entries);
      cookie = all.isEmpty() ? 0 : all.get(all.size() - 1).next;
    } while (part.full);
    return all;
  }
}
