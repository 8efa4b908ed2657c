package io.wasmrunner.wasi;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.wasm.WasmEngineException;

/**
 * Opens modules; one per process. Owns the compile threads and the compiled-code cache.
 * Thread-safe.
 */
public final class Engine implements AutoCloseable {
  static final String COMPILE_FAILED = "WR-6103";

  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** The compiler recurses into nested blocks. */
  private static final long COMPILER_STACK_BYTES = 64L << 20;

  private static final int RESOLVER_THREADS = 4;
  private static final int RESOLVER_QUEUE = 64;
  private static final long IDLE_SECONDS = 10;

  private final boolean compile;
  private final CodeCache cache;
  private final ThreadPoolExecutor compiler;
  private final ThreadPoolExecutor resolver;
  private final Map<String, WeakReference<LoadedModule>> modules = new HashMap<>();
  private final AtomicLong compilations = new AtomicLong();

  private Engine(EngineOptions options, Clock clock) {
    compile = options.compile();
    cache = new CodeCache(options.cacheDirectory(), options.cacheLimitBytes(), clock);
    compiler =
        pool(options.compileThreads(), Integer.MAX_VALUE, "wasm-compile", COMPILER_STACK_BYTES);
    resolver = pool(RESOLVER_THREADS, RESOLVER_QUEUE, "wasm-resolve", 0);
  }

  /** Makes an engine; the cache folder is made when it is first needed. */
  public static Engine create(EngineOptions options) {
    return create(options, Clock.systemUTC());
  }

  static Engine create(EngineOptions options, Clock clock) {
    return new Engine(options, clock);
  }

  private static ThreadPoolExecutor pool(int threads, int queue, String name, long stackBytes) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          String threadName = name + "-" + number.incrementAndGet();
          Thread thread = new Thread(null, task, threadName, stackBytes);
          thread.setDaemon(true);
          return thread;
        };
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(queue),
            factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Parses and checks a module. Code from the cache is ready when this returns, which takes some
   * tenths of a second; else the module is compiled in the background. The same content gives the
   * same instance as long as someone holds it.
   *
   * @throws ModuleException when the file cannot be read or is no module that this engine can run
   */
  public Module load(Path file) {
    return load(file, Duration.ZERO);
  }

  /**
   * As {@link #load(Path)}, but compiling begins only after some time: a program that is over by
   * then has not paid for it.
   */
  public Module load(Path file, Duration compileAfter) {
    ModuleFile content = ModuleFile.read(file);
    LoadedModule known = known(content.digest());
    if (known != null) {
      return known;
    }
    LoadedModule restored = compile ? restore(file, content) : null;
    LoadedModule loaded = restored == null ? LoadedModule.parse(file, content, resolver) : restored;
    synchronized (modules) {
      known = known(content.digest()); // loaded by another thread meanwhile
      if (known != null) {
        return known;
      }
      modules.values().removeIf(reference -> reference.get() == null);
      modules.put(content.digest(), new WeakReference<>(loaded));
    }
    if (!compile) {
      loaded.finish(CodeState.INTERPRETED);
    } else if (restored == null) {
      submit(loaded, content, compileAfter);
    }
    return loaded;
  }

  /**
   * Checks a module as {@link #load} does, and starts, keeps and writes nothing. Quick when the
   * cache has its code.
   *
   * @return pages of 64 KiB that its memory starts with
   * @throws ModuleException when the file cannot be read or is no module that this engine can run
   */
  public int check(Path file) {
    ModuleFile content = ModuleFile.read(file);
    LoadedModule known = known(content.digest());
    LoadedModule restored = known == null && compile ? restore(file, content) : known;
    LoadedModule checked =
        restored == null ? LoadedModule.parse(file, content, resolver) : restored;
    return checked.initialPages();
  }

  private @Nullable LoadedModule known(String digest) {
    synchronized (modules) {
      WeakReference<LoadedModule> reference = modules.get(digest);
      return reference == null ? null : reference.get();
    }
  }

  private void submit(LoadedModule module, ModuleFile content, Duration compileAfter) {
    try {
      compiler.execute(
          () -> {
            if (slept(compileAfter)) {
              compile(module, content);
            } else {
              module.finish(CodeState.INTERPRETED); // closed meanwhile
            }
          });
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      module.finish(CodeState.INTERPRETED); // closed, or no thread left
    }
  }

  private static boolean slept(Duration time) {
    try {
      Thread.sleep(time.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void compile(LoadedModule module, ModuleFile content) {
    try {
      compilations.incrementAndGet();
      JvmCode code = JvmCode.compile(module.code().wasm());
      cache.put(content.codeDigest(), code);
      module.finish(code, content);
    } catch (RuntimeException
        | LinkageError
        | AssertionError
        | StackOverflowError
        | OutOfMemoryError e) {
      log.warn(
          "{}: {} could not be compiled and runs interpreted, 25 to 60 times slower: {}",
          COMPILE_FAILED,
          module.file(),
          e.toString());
      log.debug("Where the compiler failed", e);
      module.finish(CodeState.COMPILE_FAILED);
    }
  }

  private @Nullable LoadedModule restore(Path file, ModuleFile content) {
    Optional<JvmCode> code = cache.get(content.codeDigest());
    if (code.isEmpty()) {
      return null;
    }
    try {
      return LoadedModule.restore(file, content, code.get(), resolver);
    } catch (LinkageError | WasmEngineException e) {
      cache.reject(content.codeDigest(), e);
      return null;
    }
  }

  /** Modules that this engine compiled itself; those from the cache do not count. */
  public long compilations() {
    return compilations.get();
  }

  /**
   * Ends the background threads; what waits to be compiled stays interpreted. Guests that run are
   * not touched, but can resolve no more names.
   */
  @Override
  public void close() {
    compiler.shutdownNow();
    resolver.shutdownNow();
    synchronized (modules) {
      modules.values().stream()
          .map(WeakReference::get)
          .filter(module -> module != null && module.codeState() == CodeState.COMPILING)
          .forEach(module -> module.finish(CodeState.INTERPRETED));
    }
  }
}
