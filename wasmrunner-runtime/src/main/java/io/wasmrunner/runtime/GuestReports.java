package io.wasmrunner.runtime;

import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.wasi.GuestListener;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes into its log what is odd about an embedded guest, and where it listens, each once; tells
 * what it does in its folders.
 */
final class GuestReports implements GuestListener {
  private static final int MOST = 1000;

  private final RunnerOutput output;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  GuestReports(RunnerOutput output) {
    this.output = output;
  }

  @Override
  public void unsupported(String function) {
    once("called " + function + ", which is not supported: it got ENOSYS");
  }

  @Override
  public void listening(InetSocketAddress local) {
    once("listens on " + local.getHostString() + ":" + local.getPort());
  }

  @Override
  public void folderUsed(String guest, boolean changed) {
    Operation operation = changed ? Operation.CHANGE : Operation.READ;
    output.accessed(new Access(operation, guest, List.of(guest), Optional.empty()));
  }

  @Override
  public void folderDenied(String guest, String path, String reason) {
    output.accessed(
        path.isEmpty()
            ? new Access(Operation.CHANGE, guest, List.of(guest), Optional.of(reason))
            : new Access(Operation.READ, path + " in " + guest, List.of(), Optional.of(reason)));
  }

  private void once(String line) {
    if (told.size() < MOST && told.add(line)) {
      output.host(line);
    }
  }
}
