package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/**
 * Entry point of a child JVM: runs one guest by the embedded launcher, as {@link GuestOrder} on
 * standard input says, and tells what happens in {@link GuestFrames}. Ends when the guest ends or
 * when standard input does, which is when its wasmrunner has gone. Not for users.
 */
final class GuestProcess {
  static final int LARGEST_ORDER = 16 << 20;

  private static final long METERING_MILLIS = 1000;

  private final GuestFrames.Writer frames;
  private final GuestOrder order;

  private GuestProcess(GuestFrames.Writer frames, GuestOrder order) {
    this.frames = frames;
    this.order = order;
  }

  /** Runs until the guest has ended; takes no arguments. */
  public static void main(String[] arguments) {
    FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err); // nothing but frames may get there
    GuestFrames.Writer frames = new GuestFrames.Writer(stdout);
    int status = 1;
    try {
      GuestOrder order = readOrder(System.in);
      endWith(System.in);
      new GuestProcess(frames, order).run();
      status = 0;
    } catch (IOException parentHasGone) {
      System.err.println("wasmrunner has gone: " + parentHasGone.getMessage());
    } catch (Throwable e) { // last words, which the halt would keep it from saying
      LoggerFactory.getLogger(GuestProcess.class).error("the process of the guest failed", e);
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  private static GuestOrder readOrder(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int length = in.readInt();
    if (length < 0 || length > LARGEST_ORDER) {
      throw new IOException("it ordered nothing");
    }
    return GuestOrder.of(in.readNBytes(length));
  }

  private static void endWith(InputStream stream) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (stream.read() >= 0) {
                  // Nothing more is said there.
                }
              } catch (IOException e) {
                System.err.println("standard input broke: " + e.getMessage());
              } finally {
                Runtime.getRuntime().halt(1);
              }
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private void run() throws IOException {
    order.properties().forEach(System::setProperty);
    EmbeddedEngine engine = new EmbeddedEngine(order.context(), order.compiled());
    try (EmbeddedLauncher launcher = new EmbeddedLauncher(engine, engine::close)) {
      RunnerHandle guest;
      try {
        launcher.require(order.spec().module(), order.digest());
        if (order.compiled()) {
          awaitCode(launcher);
        }
        guest = launcher.start(order.spec(), new FramedOutput(frames));
      } catch (RuntimeException | Error e) {
        RunnerExit failure = ExitCauses.ofFailedStart(e, Clock.systemUTC());
        frames.exit(
            new GuestFrames.Exit(
                failure.cause(), failure.detail(), OptionalInt.empty(), List.of()));
        return;
      }
      follow(guest);
    }
  }

  private void awaitCode(Launcher launcher) throws IOException {
    try {
      launcher.prepare(order.spec().module()).toCompletableFuture().get();
    } catch (ExecutionException e) {
      frames.host(Failures.explain(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(RunnerHandle guest) throws IOException {
    CompletableFuture<RunnerExit> end = guest.exit().toCompletableFuture();
    frames.usage(guest.usage());
    while (!endedWithin(METERING_MILLIS, end)) {
      frames.usage(guest.usage());
    }
    RunnerExit exit = end.join();
    frames.exit(
        new GuestFrames.Exit(exit.cause(), exit.detail(), guest.exitCode(), exit.backtrace()));
  }

  private static boolean endedWithin(long millis, CompletableFuture<RunnerExit> end) {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end is never exceptional", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Puts what the guest prints into frames. */
  private record FramedOutput(GuestFrames.Writer frames) implements RunnerOutput {
    private interface Frame {
      void write() throws IOException;
    }

    @Override
    public void stdout(ByteBuffer bytes) {
      tell(() -> frames.stdout(bytes));
    }

    @Override
    public void stderr(ByteBuffer bytes) {
      tell(() -> frames.stderr(bytes));
    }

    @Override
    public void host(String line) {
      tell(() -> frames.host(line));
    }

    @Override
    public void accessed(Access access) {
      tell(() -> frames.accessed(access));
    }

    private static void tell(Frame frame) {
      try {
        frame.write();
      } catch (IOException parentHasGone) {
        Runtime.getRuntime().halt(1);
      }
    }
  }
}
