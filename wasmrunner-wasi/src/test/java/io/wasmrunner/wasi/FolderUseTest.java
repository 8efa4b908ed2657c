package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener hears which folders a guest uses and how, and what it is refused there. */
final class FolderUseTest {
  private static final int READ_ONLY = FileGuest.ROOT + 1;

  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();
  private FileGuest guest;

  @BeforeEach
  void start() throws IOException {
    Path writable = Files.createDirectories(folder.resolve("w/inner")).getParent();
    Path readOnly = Files.createDirectories(folder.resolve("r"));
    Files.writeString(readOnly.resolve("file"), "text");
    GuestListener listener =
        new GuestListener() {
          @Override
          public void folderUsed(String name, boolean changed) {
            told.add((changed ? "changes " : "uses ") + name);
          }

          @Override
          public void folderDenied(String name, String path, String reason) {
            told.add("refused " + name + " '" + path + "': " + reason);
          }
        };
    guest =
        FileGuest.start(
            TestingGuests.interpreter(folder).load(Puppet.module(folder)),
            listener,
            Preopen.readWrite(writable, "/w"),
            Preopen.readOnly(readOnly, "/r"));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void nothingIsToldOfAFolderThatIsOnlyThere() {
    assertThat(guest.puppet().call("fd_prestat_get", READ_ONLY, FileGuest.RESULT))
        .isEqualTo(Errno.SUCCESS);
    assertThat(told).isEmpty();
  }

  @Test
  void aUseIsToldOnceAndTheFirstChangeOnceMore() {
    assertThat(guest.tryOpen(READ_ONLY, "file", 0, FileGuest.READ, 0, true))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.tryOpen(READ_ONLY, "none", 0, FileGuest.READ, 0, true)).isEqualTo(Errno.NOENT);
    guest.openFolder("inner");
    assertThat(told).containsExactly("uses /r", "uses /w");
    assertThat(guest.createFolder("inner/new")).isEqualTo(Errno.SUCCESS);
    guest.open("inner/file", FileGuest.CREATE);
    assertThat(told).containsExactly("uses /r", "uses /w", "changes /w");
  }

  @Test
  void everyRefusalIsTold() {
    String readOnly = "refused /r '': the folder is read only";
    assertThat(guest.path("path_create_directory", READ_ONLY, "new")).isEqualTo(Errno.ROFS);
    assertThat(guest.tryOpen(READ_ONLY, "new", FileGuest.CREATE, FileGuest.READ_WRITE, 0, true))
        .isEqualTo(Errno.ROFS);
    assertThat(guest.tryOpen(READ_ONLY, "file", 0, FileGuest.READ_WRITE, 0, true))
        .isEqualTo(Errno.ROFS);
    assertThat(told.stream().filter(readOnly::equals)).hasSize(3);
    told.clear();
    assertThat(guest.tryOpen("inner/../../r/file", 0)).isEqualTo(Errno.NOTCAPABLE);
    assertThat(told)
        .containsExactly(
            "uses /w", "refused /w 'inner/../../r/file': the path leads out of the folder");
  }
}
