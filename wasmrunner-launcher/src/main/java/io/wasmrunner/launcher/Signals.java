package io.wasmrunner.launcher;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of every SIGTERM and SIGINT, also of a second one, which a shutdown hook cannot. By {@code
 * sun.misc.Signal}, which every JDK has and no release of the language lets one compile against;
 * without it the hook alone has to do.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /** Has the handler called at each signal that asks the process to end. */
  static void onTermination(Runnable handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object adapter =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  handler.run();
                }
                return method.getReturnType() == int.class ? System.identityHashCode(proxy) : null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handlers)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.debug("a second signal cannot hurry a stop here", e);
    }
  }
}
