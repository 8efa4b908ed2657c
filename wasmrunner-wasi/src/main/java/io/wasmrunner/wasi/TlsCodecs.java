package io.wasmrunner.wasi;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest's TLS connections by number; the lowest free number is given first. */
final class TlsCodecs {
  /** More than a client that runs in one thread has a use for. */
  static final int MAX_CODECS = 128;

  /**
   * What each takes of the memory budget of all guests: its four buffers when they are full, and
   * the JVM's state.
   */
  static final int CODEC_BYTES = 4 * TlsBuffer.LIMIT_BYTES + (64 << 10);

  /** There is one configuration, which trusts what {@link GuestConfig#tlsTrust} says. */
  static final int DEFAULT_CONFIGURATION = 0;

  private static final Logger log = LoggerFactory.getLogger(TlsCodecs.class);
  private static final int ANY_PORT = -1;

  private final GuestConfig config;
  private final GuestMemory memory;
  private final @Nullable TlsCodec[] codecs = new @Nullable TlsCodec[MAX_CODECS];
  private @Nullable SSLContext context;

  TlsCodecs(GuestConfig config, GuestMemory memory) {
    this.config = config;
    this.memory = memory;
  }

  /** Number of a new codec for a server of this name, or what is wrong with it. */
  int create(int configuration, String server) {
    if (configuration != DEFAULT_CONFIGURATION || !ServerName.valid(server)) {
      return TlsError.PARAMETER.code();
    }
    for (int id = 0; id < MAX_CODECS; id++) {
      if (codecs[id] == null) {
        return memory.hold(CODEC_BYTES, "a TLS connection")
            ? open(id, server)
            : TlsError.GENERAL.code();
      }
    }
    return TlsError.GENERAL.code();
  }

  private int open(int id, String server) {
    int result = TlsError.GENERAL.code();
    try {
      result = tryOpen(id, server);
    } finally {
      if (result < 0) {
        memory.letGo(CODEC_BYTES);
      }
    }
    return result;
  }

  private int tryOpen(int id, String server) {
    try {
      codecs[id] = new TlsCodec(engine(server));
      return id;
    } catch (IllegalArgumentException e) { // a name that is none after all
      return TlsError.PARAMETER.code();
    } catch (SSLException e) {
      return TlsError.of(e).code();
    } catch (GeneralSecurityException e) {
      log.warn("TLS of {} cannot be set up: no authorities to trust", config.name(), e);
      return TlsError.GENERAL.code();
    }
  }

  private SSLEngine engine(String server) throws GeneralSecurityException {
    SSLContext made = context;
    if (made == null) {
      made = config.tlsTrust().context();
      context = made;
    }
    SSLEngine engine = made.createSSLEngine(server, ANY_PORT);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // checks the name
    if (!ServerName.literal(server)) {
      parameters.setServerNames(List.of(new SNIHostName(server)));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Nullable TlsCodec find(int id) {
    return id >= 0 && id < MAX_CODECS ? codecs[id] : null;
  }

  void delete(int id) {
    if (find(id) != null) {
      codecs[id] = null;
      memory.letGo(CODEC_BYTES);
    }
  }
}
