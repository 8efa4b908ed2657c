package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing outside of what was granted can be read, changed, or even asked about. */
final class FileSandboxTest {
  private static final int ROUNDS = 300;

  @TempDir private static Path modules;
  private static Module module;

  @TempDir private Path parent;
  private Path inside;
  private Path outside;
  private FileGuest guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(modules).load(Puppet.module(modules));
  }

  @BeforeEach
  void start() throws IOException {
    parent = parent.toRealPath();
    inside = Files.createDirectories(parent.resolve("inside"));
    outside = Files.createDirectories(parent.resolve("outside/empty")).getParent();
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectories(inside.resolve("dir/sub"));
    Files.writeString(inside.resolve("mine"), "mine");
    guest = FileGuest.start(module, Preopen.readWrite(inside, "/"));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void dotsDoNotLeadOut() throws IOException {
    for (String path :
        List.of(
            "..",
            "../outside/secret",
            "dir/../../outside/secret",
            "./dir/sub/../../../outside/secret",
            "dir/..//./../inside/mine",
            "../inside/mine")) {
      assertRefused(path, Errno.NOTCAPABLE);
    }
  }

  @Test
  void absolutePathsAreRefused() throws IOException {
    assertRefused("/", Errno.NOTCAPABLE);
    assertRefused("/etc/passwd", Errno.NOTCAPABLE);
    assertRefused(inside.resolve("mine").toString(), Errno.NOTCAPABLE);
    assertRefused("//mine", Errno.NOTCAPABLE);
  }

  @Test
  void linksDoNotLeadOutWhereverTheyAreInThePath() throws IOException {
    link("out", "../outside");
    link("absolute", outside.toString());
    link("secret", "../outside/secret");
    link("dir/up", "../..");
    link("twice", "dir/up/outside");
    link("same", inside.toString());
    for (String path :
        List.of(
            "out/secret",
            "out/",
            "absolute/secret",
            "secret",
            "dir/up/outside/secret",
            "twice/secret",
            "dir/sub/../up/outside/secret",
            "same/mine")) {
      assertRefused(path, Errno.NOTCAPABLE);
    }
  }

  @Test
  void linksOfTheGuestsOwnDoNotLeadOut() throws IOException {
    assertThat(guest.symlink("../../outside", "dir/out")).isEqualTo(Errno.SUCCESS);
    assertRefused("dir/out/secret", Errno.NOTCAPABLE);
    assertThat(guest.symlink("../mine", "dir/sub/inner")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("dir/sub/inner", "outer")).isEqualTo(Errno.SUCCESS);
    assertRefused("outer", Errno.NOTCAPABLE);
    assertThat(guest.link(FileGuest.ROOT, "dir/out", FileGuest.ROOT, "copy"))
        .isEqualTo(Errno.SUCCESS);
    assertRefused("copy/secret", Errno.NOTCAPABLE);
  }

  @Test
  void nothingIsCreatedThroughADanglingLink() throws IOException {
    link("new", "../outside/new");
    link("dir/new", outside.resolve("new").toString());
    for (String path : List.of("new", "dir/new")) {
      assertThat(guest.tryOpen(path, FileGuest.CREATE)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.tryOpen(path, FileGuest.CREATE | FileGuest.TRUNCATE))
          .isEqualTo(Errno.NOTCAPABLE);
    }
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void loopsOfLinksEnd() throws IOException {
    link("self", "self");
    link("a", "dir/b");
    link("dir/b", "../a");
    assertThat(guest.stat("self")).isEqualTo(Errno.LOOP);
    assertThat(guest.stat("a/x")).isEqualTo(Errno.LOOP);
    assertThat(guest.tryOpen("a", FileGuest.CREATE)).isEqualTo(Errno.LOOP);
    link("chain0", "mine");
    for (int i = 1; i <= PathWalk.MAX_LINKS; i++) {
      link("chain" + i, "chain" + (i - 1));
    }
    assertThat(guest.stat("chain" + (PathWalk.MAX_LINKS - 1))).isEqualTo(Errno.SUCCESS);
    assertThat(guest.stat("chain" + PathWalk.MAX_LINKS)).isEqualTo(Errno.LOOP);
  }

  @Test
  void theDepthOfAPathIsBounded() throws IOException {
    Files.createDirectories(inside.resolve("d/".repeat(PathWalk.MAX_DEPTH + 1)));
    assertThat(guest.stat("d/".repeat(PathWalk.MAX_DEPTH) + "x")).isEqualTo(Errno.NOENT);
    assertThat(guest.stat("d/".repeat(PathWalk.MAX_DEPTH + 1) + "x")).isEqualTo(Errno.NAMETOOLONG);
    int half = guest.openFolder("d/".repeat(PathWalk.MAX_DEPTH / 2));
    assertThat(guest.stat(half, "d/".repeat(PathWalk.MAX_DEPTH / 2 + 1) + "x", true))
        .as("from an open folder")
        .isEqualTo(Errno.NOENT);
  }

  @Test
  void anOpenFolderIsASandboxOfItsOwn() {
    int dir = guest.openFolder("dir");
    assertThat(guest.stat(dir, "..", true)).isEqualTo(Errno.NOTCAPABLE);
    assertThat(guest.stat(dir, "../mine", true)).isEqualTo(Errno.NOTCAPABLE);
    assertThat(guest.stat(dir, "sub/../sub", true)).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void aReadOnlyFolderStaysAsItIs() throws IOException {
    guest.close();
    link("l", "mine");
    guest =
        FileGuest.start(module, Preopen.readOnly(inside, "/"), Preopen.readWrite(outside, "/out"));
    Map<String, String> before = content(inside);
    int writable = FileGuest.ROOT + 1;

    assertThat(guest.tryOpen(FileGuest.ROOT, "mine", 0, FileGuest.READ, 0, true))
        .isEqualTo(Errno.SUCCESS);
    int reader = guest.puppet().i32(FileGuest.RESULT);
    assertThat(guest.read(reader, 9)).isEqualTo("mine");
    assertThat(guest.tryWrite(reader, "x")).isEqualTo(Errno.BADF);
    assertThat(guest.puppet().call("fd_filestat_set_times", reader, 1, 1, 5)).isEqualTo(Errno.ROFS);
    assertThat(guest.puppet().call("fd_allocate", reader, 0, 100)).isEqualTo(Errno.ROFS);
    assertThat(guest.puppet().call("fd_filestat_set_size", reader, 0)).isEqualTo(Errno.ROFS);

    assertThat(guest.tryOpen("mine", 0)).isEqualTo(Errno.ROFS);
    assertThat(guest.tryOpen(FileGuest.ROOT, "mine", FileGuest.TRUNCATE, 0, 0, true))
        .isEqualTo(Errno.ROFS);
    assertThat(guest.tryOpen("new", FileGuest.CREATE)).isEqualTo(Errno.ROFS);
    assertThat(guest.createFolder("new")).isEqualTo(Errno.ROFS);
    assertThat(guest.removeFolder("dir/sub")).isEqualTo(Errno.ROFS);
    assertThat(guest.unlink("mine")).isEqualTo(Errno.ROFS);
    assertThat(guest.rename("mine", "other")).isEqualTo(Errno.ROFS);
    assertThat(guest.symlink("mine", "new")).isEqualTo(Errno.ROFS);
    assertThat(guest.setTimes("mine", true, 1, 1, 5)).isEqualTo(Errno.ROFS);
    assertThat(guest.rename(FileGuest.ROOT, "mine", writable, "mine")).isEqualTo(Errno.ROFS);
    assertThat(guest.rename(writable, "secret", FileGuest.ROOT, "mine")).isEqualTo(Errno.ROFS);
    assertThat(guest.link(FileGuest.ROOT, "mine", writable, "mine"))
        .as("a way to write through another name")
        .isEqualTo(Errno.ROFS);
    assertThat(guest.link(writable, "secret", FileGuest.ROOT, "new")).isEqualTo(Errno.ROFS);
    int dir = guest.open(FileGuest.ROOT, "dir", FileGuest.FOLDER, 0, 0);
    assertThat(guest.path("path_create_directory", dir, "new")).isEqualTo(Errno.ROFS);
    assertThat(content(inside)).isEqualTo(before);
  }

  @Test
  @Tag("handles")
  void aFolderThatIsMovedStaysOpen() throws IOException {
    int dir = guest.openFolder("dir");
    Files.move(inside.resolve("dir"), inside.resolve("moved"));
    link("dir", "../outside");
    assertThat(guest.path("path_create_directory", dir, "new")).isEqualTo(Errno.SUCCESS);
    assertThat(inside.resolve("moved/new")).isDirectory();
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void aFolderThatIsReplacedIsNotTheNewOne() throws IOException {
    int dir = guest.openFolder("dir");
    Files.move(inside.resolve("dir"), parent.resolve("taken"));
    link("dir", "../outside");
    assertThat(guest.stat(dir, "secret", true)).isEqualTo(Errno.NOENT);
    guest.path("path_create_directory", dir, "new");
    assertThat(outside.resolve("new")).doesNotExist();
  }

  /** While the guest works, a folder on its way is again and again swapped for a link out. */
  @Test
  @Tag("handles")
  void racesWithLinksAreLost() throws Exception {
    Map<String, String> before = content(outside);
    link("trap", "../outside");
    AtomicBoolean over = new AtomicBoolean();
    List<IOException> failures = new ArrayList<>();
    Thread swapper = new Thread(() -> swap(over, failures), "swapper");
    swapper.start();
    int reached = 0;
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(guest.tryOpen(FileGuest.ROOT, "dir/secret", 0, FileGuest.READ, 0, true))
          .isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.stat("dir/secret")).isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.unlink("dir/secret")).isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.removeFolder("dir/empty")).isNotEqualTo(Errno.SUCCESS);
      reached += guest.createFolder("dir/d" + i) == Errno.SUCCESS ? 1 : 0;
      guest.symlink("mine", "dir/s" + i);
      guest.link(FileGuest.ROOT, "mine", FileGuest.ROOT, "dir/l" + i);
      if (guest.tryOpen("dir/f" + i, FileGuest.CREATE) == Errno.SUCCESS) {
        guest.close(guest.puppet().i32(FileGuest.RESULT));
      }
      guest.rename("dir/f" + i, "dir/g" + i);
    }
    over.set(true);
    swapper.join();
    assertThat(failures).isEmpty();
    assertThat(content(outside)).isEqualTo(before);
    assertThat(reached).as("the folder was there at times").isPositive();
  }

  private void swap(AtomicBoolean over, List<IOException> failures) {
    try {
      while (!over.get()) {
        move("dir", "real");
        move("trap", "dir");
        move("dir", "trap");
        move("real", "dir");
      }
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private void move(String from, String to) throws IOException {
    Files.move(inside.resolve(from), inside.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  private void link(String name, String text) throws IOException {
    Files.createSymbolicLink(inside.resolve(name), Path.of(text));
  }

  private void assertRefused(String path, Errno expected) throws IOException {
    Map<String, String> before = content(parent);
    assertThat(guest.tryOpen(FileGuest.ROOT, path, 0, FileGuest.READ, 0, true))
        .as("open " + path)
        .isEqualTo(expected);
    assertThat(guest.tryOpen(path, FileGuest.CREATE)).as("create " + path).isEqualTo(expected);
    assertThat(guest.stat(path)).as("stat " + path).isEqualTo(expected);
    assertThat(guest.setTimes(path, true, 1, 1, 5)).as("times of " + path).isEqualTo(expected);
    for (String below : List.of(path + "/below")) {
      assertThat(guest.createFolder(below)).as("mkdir " + below).isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.symlink("x", below)).as("symlink " + below).isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.rename("mine", below)).as("rename to " + below).isNotEqualTo(Errno.SUCCESS);
      assertThat(guest.unlink(below)).as("unlink " + below).isNotEqualTo(Errno.SUCCESS);
    }
    assertThat(content(parent)).isEqualTo(before);
  }

  /** Every name with its size and time. */
  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (var paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        FileStat stat = FileStat.read(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        content.put(
            folder.relativize(path).toString(),
            stat.type() + " " + stat.size() + " " + stat.modified());
      }
    }
    return content;
  }
}
