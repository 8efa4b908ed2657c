package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest does with names, and the error numbers that C programs rely on. */
final class PathFunctionsTest {
  @TempDir private static Path modules;
  private static Module module;

  @TempDir private Path folder;
  private FileGuest guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(modules).load(Puppet.module(modules));
  }

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(folder.resolve("dir"));
    Files.writeString(folder.resolve("file"), "content");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
    Files.createSymbolicLink(folder.resolve("dirlink"), Path.of("dir"));
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    guest = FileGuest.start(module, Preopen.readWrite(folder, "/"));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void opensWhatIsThere() {
    assertThat(guest.tryOpen("file", 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("./dir/../dir//.././file", 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("link", 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("dir/", FileGuest.FOLDER)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("dirlink/", FileGuest.FOLDER)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("none", 0)).isEqualTo(Errno.NOENT);
    assertThat(guest.tryOpen("", 0)).isEqualTo(Errno.NOENT);
    assertThat(guest.tryOpen("none/file", 0)).isEqualTo(Errno.NOENT);
    assertThat(guest.tryOpen("file/x", 0)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.tryOpen("file/", 0)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.tryOpen("file", FileGuest.FOLDER)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.tryOpen("dir", 0)).as("for writing").isEqualTo(Errno.ISDIR);
    assertThat(guest.tryOpen(FileGuest.ROOT, "link", 0, FileGuest.READ, 0, false))
        .isEqualTo(Errno.LOOP);
    assertThat(guest.tryOpen(FileGuest.ROOT, "dirlink", FileGuest.FOLDER, 0, 0, false))
        .isEqualTo(Errno.NOTDIR);
    assertThat(guest.tryOpen("file", 16)).isEqualTo(Errno.INVAL);
  }

  @Test
  void createsAsAsked() throws IOException {
    assertThat(guest.tryOpen("new", FileGuest.CREATE | FileGuest.EXCLUSIVE))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen("new", FileGuest.CREATE | FileGuest.EXCLUSIVE)).isEqualTo(Errno.EXIST);
    assertThat(guest.tryOpen("dangling", FileGuest.CREATE | FileGuest.EXCLUSIVE))
        .isEqualTo(Errno.EXIST);
    assertThat(guest.tryOpen("dangling", FileGuest.CREATE)).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("nowhere")).isEmptyFile();
    assertThat(guest.tryOpen("file", FileGuest.CREATE)).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("file")).hasContent("content");
    assertThat(guest.tryOpen("file", FileGuest.TRUNCATE)).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("file")).isEmptyFile();
    assertThat(guest.tryOpen("slash/", FileGuest.CREATE)).isEqualTo(Errno.ISDIR);
    assertThat(guest.tryOpen("dir", FileGuest.CREATE)).isEqualTo(Errno.ISDIR);
    assertThat(guest.tryOpen("x", FileGuest.CREATE | FileGuest.FOLDER)).isEqualTo(Errno.INVAL);
  }

  @Test
  void makesAndRemovesFolders() throws IOException {
    assertThat(guest.createFolder("dir")).isEqualTo(Errno.EXIST);
    assertThat(guest.createFolder("dangling")).isEqualTo(Errno.EXIST);
    assertThat(guest.createFolder("none/sub")).isEqualTo(Errno.NOENT);
    assertThat(guest.createFolder("dirlink/sub/")).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("dir/sub")).isDirectory();
    assertThat(guest.removeFolder("dir")).isEqualTo(Errno.NOTEMPTY);
    assertThat(guest.removeFolder("dir/sub/.")).isEqualTo(Errno.INVAL);
    assertThat(guest.removeFolder("dir/sub/")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.removeFolder("file")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.removeFolder("dirlink")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.removeFolder("none")).isEqualTo(Errno.NOENT);
    assertThat(guest.removeFolder("dir")).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void unlinksFilesAndLinks() {
    assertThat(guest.unlink("dir")).isEqualTo(Errno.ISDIR);
    assertThat(guest.unlink("file/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.unlink("none")).isEqualTo(Errno.NOENT);
    assertThat(guest.unlink("dirlink")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.unlink("dangling")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.unlink("file")).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("dir")).isDirectory();
    assertThat(folder.resolve("file")).doesNotExist();
  }

  @Test
  void renames() throws IOException {
    Files.createDirectories(folder.resolve("full/x"));
    assertThat(guest.rename("none", "x")).isEqualTo(Errno.NOENT);
    assertThat(guest.rename("file", "dir")).isEqualTo(Errno.ISDIR);
    assertThat(guest.rename("dir", "file")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.rename("file", "new/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.rename("dir", "full")).isEqualTo(Errno.NOTEMPTY);
    assertThat(guest.rename("full", "full/x/y")).isEqualTo(Errno.INVAL);
    assertThat(guest.rename("dir/.", "new")).isEqualTo(Errno.INVAL);
    assertThat(guest.rename("full/", "dir/")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("link", "dir/link")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("file", "dir/link")).isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("dir/link")).hasContent("content");
    assertThat(folder.resolve("dir/x")).isDirectory();
    assertThat(folder.resolve("full")).doesNotExist();
  }

  @Test
  void makesHardLinks() throws IOException {
    assertThat(guest.link(FileGuest.ROOT, "file", FileGuest.ROOT, "dir/same"))
        .isEqualTo(Errno.SUCCESS);
    assertThat(Files.isSameFile(folder.resolve("file"), folder.resolve("dir/same"))).isTrue();
    assertThat(guest.link(FileGuest.ROOT, "dangling", FileGuest.ROOT, "copy"))
        .isEqualTo(Errno.SUCCESS);
    assertThat(folder.resolve("copy")).isSymbolicLink();
    assertThat(guest.link(FileGuest.ROOT, "file", FileGuest.ROOT, "link")).isEqualTo(Errno.EXIST);
    assertThat(guest.link(FileGuest.ROOT, "file", FileGuest.ROOT, "new/")).isEqualTo(Errno.NOENT);
    assertThat(guest.link(FileGuest.ROOT, "dir", FileGuest.ROOT, "new")).isEqualTo(Errno.PERM);
    assertThat(guest.path("path_link", FileGuest.ROOT, "x", 0, 0, 0, 0)).isNotNull();
  }

  @Test
  void makesAndReadsSymbolicLinks() throws IOException {
    assertThat(guest.symlink("../up/ñ", "dir/l")).isEqualTo(Errno.SUCCESS);
    assertThat(Files.readSymbolicLink(folder.resolve("dir/l")).toString()).isEqualTo("../up/ñ");
    assertThat(guest.readlink("dir/l", 100)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().text(FileGuest.DATA, guest.puppet().i32(FileGuest.RESULT)))
        .isEqualTo("../up/ñ");
    assertThat(guest.readlink("dir/l", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().i32(FileGuest.RESULT)).isEqualTo(4);
    assertThat(guest.readlink("file", 4)).isEqualTo(Errno.INVAL);
    assertThat(guest.readlink("none", 4)).isEqualTo(Errno.NOENT);
    assertThat(guest.symlink("file", "link")).isEqualTo(Errno.EXIST);
    assertThat(guest.symlink("file", "new/")).isEqualTo(Errno.NOENT);
    assertThat(guest.symlink("", "new")).isEqualTo(Errno.NOENT);
    assertThat(guest.symlink("/etc", "new")).isEqualTo(Errno.NOTCAPABLE);
  }

  @Test
  void tellsAFileFromALinkToIt() throws IOException {
    assertThat(guest.stat(FileGuest.ROOT, "link", true)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().read(FileGuest.STAT + 16, 1)).containsExactly(4);
    assertThat(guest.puppet().i64(FileGuest.STAT + 32)).isEqualTo(7);
    assertThat(guest.stat(FileGuest.ROOT, "link", false)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().read(FileGuest.STAT + 16, 1)).containsExactly(7);
    assertThat(guest.stat("dangling")).isEqualTo(Errno.NOENT);
    assertThat(guest.stat("file/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.stat("dir")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().read(FileGuest.STAT + 16, 1)).containsExactly(3);
    assertThat(guest.puppet().i64(FileGuest.STAT + 8))
        .isEqualTo(Files.getAttribute(folder.resolve("dir"), "unix:ino"));
  }

  @Test
  void setsTheTimesOfALinkOrOfItsFileToTheNanosecond() throws IOException {
    long file = 1_600_000_000_000_000_789L;
    long link = 1_500_000_000_000_000_123L;
    assertThat(guest.setTimes("link", true, 0, file, 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.setTimes("link", false, 0, link, 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.stat(FileGuest.ROOT, "link", false)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().i64(FileGuest.STAT + 48)).isEqualTo(link);
    assertThat(guest.stat("link")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.puppet().i64(FileGuest.STAT + 48)).isEqualTo(file);
    assertThat(guest.setTimes("none", true, 0, 0, 4)).isEqualTo(Errno.NOENT);
    assertThat(
            Files.getLastModifiedTime(folder.resolve("link"), LinkOption.NOFOLLOW_LINKS).toMillis())
        .isEqualTo(1_500_000_000_000L);
  }

  @Test
  void refusesPathsThatAreNone() {
    assertThat(guest.stat("a\0b")).isEqualTo(Errno.INVAL);
    assertThat(guest.stat("n".repeat(256))).isEqualTo(Errno.NAMETOOLONG);
    assertThat(guest.stat("n".repeat(255))).isEqualTo(Errno.NOENT);
    assertThat(guest.stat("./".repeat(2048))).isEqualTo(Errno.SUCCESS);
    assertThat(guest.stat("./".repeat(2048) + "x")).isEqualTo(Errno.NAMETOOLONG);
    guest.puppet().write(FileGuest.DATA, (byte) 0xff, (byte) 0xfe);
    assertThat(guest.puppet().call("path_unlink_file", FileGuest.ROOT, FileGuest.DATA, 2))
        .isEqualTo(Errno.ILSEQ);
  }

  @Test
  void pipesAndDevicesAreNotOpened() throws Exception {
    Process made = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(guest.tryOpen(FileGuest.ROOT, "pipe", 0, FileGuest.READ, 0, true))
        .isEqualTo(Errno.ACCES);
    assertThat(guest.setTimes("pipe", true, 0, 0, 4)).isEqualTo(Errno.ACCES);
    assertThat(guest.unlink("pipe")).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void hasNoMoreDescriptorsThanItsLimit() {
    guest.close();
    guest = FileGuest.start(module, Preopen.readWrite(folder, "/"));
    int opened = 0;
    Errno last = Errno.SUCCESS;
    while (last == Errno.SUCCESS && opened < 1100) {
      last = guest.tryOpen(FileGuest.ROOT, "file", 0, FileGuest.READ, 0, true);
      opened += last == Errno.SUCCESS ? 1 : 0;
    }
    assertThat(last).isEqualTo(Errno.MFILE);
    assertThat(opened).isEqualTo(1024 - 4);
  }
}
