package io.wasmrunner.wasi;

import io.wasmrunner.wasi.PathWalk.LastLink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder that a guest has open: preopened, or below one that is. */
final class GuestFolder extends Descriptor {
  private final Mount mount;
  private final Folder folder;
  private final @Nullable String preopenedAs;
  private final FolderListing listing;

  private GuestFolder(Mount mount, Folder folder, @Nullable String preopenedAs) {
    this.mount = mount;
    this.folder = folder;
    this.preopenedAs = preopenedAs;
    this.listing = new FolderListing(folder);
    rights(mount.writable() ? Rights.OF_FOLDER : Rights.OF_FOLDER & ~Rights.CHANGES_FOLDER, ALL);
  }

  private static final long ALL = Rights.ALL;

  /** A folder that the configuration grants. */
  static GuestFolder preopened(Folder folder, Preopen preopen, GuestListener listener) {
    FolderUse use = new FolderUse(preopen.guest(), listener);
    return new GuestFolder(new Mount(preopen.writable(), use), folder, preopen.guest());
  }

  @Override
  int filetype() {
    return DIRECTORY;
  }

  @Override
  boolean readyAtOnce(int op) {
    return true;
  }

  @Override
  GuestFolder folder() {
    return this;
  }

  @Override
  GuestFile file(Errno otherwise) {
    throw Errno.ISDIR.exception();
  }

  @Override
  void allowed(long rights) {
    mount.use().use((rights & Rights.CHANGES_FOLDER) != 0);
  }

  @Override
  Errno lacks(long missing) {
    return (missing & Rights.OF_FOLDER) == 0 ? Errno.ISDIR : mount.lacks(missing);
  }

  Mount mount() {
    return mount;
  }

  FolderListing listing() {
    return listing;
  }

  /** The guest's name of a preopened folder. */
  Optional<String> preopenedAs() {
    return Optional.ofNullable(preopenedAs);
  }

  /** Finds a path from here. The caller closes the place. */
  Place find(String path, LastLink lastLink) throws IOException {
    try {
      return PathWalk.find(folder, path, lastLink);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.NOTCAPABLE) {
        mount.use().refuse(path);
      }
      throw e;
    }
  }

  /** Opens a file or folder. */
  Descriptor open(String path, OpenRequest request) throws IOException {
    require(request.needed());
    if ((request.base() & ~inheriting()) != 0) {
      throw Errno.NOTCAPABLE.exception();
    }
    try (Place place = find(path, request.follows(path) ? LastLink.FOLLOW : LastLink.KEEP)) {
      Optional<FileStat> found = place.find();
      Descriptor opened;
      if (found.isEmpty()) {
        opened = create(place, request);
      } else if (request.create() && request.exclusive()) {
        throw Errno.EXIST.exception();
      } else if (found.get().isLink()) {
        throw (request.folder() ? Errno.NOTDIR : Errno.LOOP).exception();
      } else if (found.get().isFolder()) {
        opened = openFolder(place, request);
      } else {
        opened = openFile(place, request, found.get());
      }
      opened.flags(request.flags());
      return opened;
    }
  }

  private Descriptor openFolder(Place place, OpenRequest request) throws IOException {
    if (request.create() || request.truncate() || request.wants(Rights.FD_WRITE)) {
      throw Errno.ISDIR.exception();
    }
    GuestFolder opened = new GuestFolder(mount, place.folder().child(place.name()), null);
    opened.rights(request.base() & opened.rights(), request.inheriting() & inheriting());
    return opened;
  }

  private Descriptor openFile(Place place, OpenRequest request, FileStat found) throws IOException {
    if (request.folder() || place.asFolder()) {
      throw Errno.NOTDIR.exception();
    }
    if (!found.isFile()) {
      throw Errno.ACCES.exception(); // pipes and devices could block the guest for ever
    }
    return openFile(place, request, request.writes());
  }

  private Descriptor create(Place place, OpenRequest request) throws IOException {
    if (!request.create()) {
      throw Errno.NOENT.exception();
    }
    if (request.folder()) {
      throw Errno.INVAL.exception();
    }
    if (place.asFolder()) {
      throw Errno.ISDIR.exception();
    }
    return openFile(place, request, true);
  }

  private Descriptor openFile(Place place, OpenRequest request, boolean write) throws IOException {
    if (write) {
      mount.requireWritable();
    }
    FileChannel channel = FileChannel.open(place.path(), request.options(write));
    try {
      GuestFile file = GuestFile.of(mount, channel, place);
      long granted = mount.writable() ? Rights.OF_FILE : Rights.OF_FILE & ~Rights.CHANGES_FILE;
      file.rights(request.base() & granted, request.inheriting() & inheriting());
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  FileStat stat() throws IOException {
    return folder.stat(".").orElseThrow(Errno.NOENT::exception);
  }

  @Override
  void setTimes(FileTimes times) throws IOException {
    require(Rights.FD_FILESTAT_SET_TIMES);
    times.set(folder.path("."));
  }

  @Override
  void sync(boolean dataOnly) throws IOException {
    try (FileChannel self = FileChannel.open(folder.path("."), StandardOpenOption.READ)) {
      self.force(!dataOnly);
    }
  }

  @Override
  void close() throws IOException {
    listing.close();
    folder.close();
  }
}
