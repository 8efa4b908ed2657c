package io.wasmrunner.dashboard;

import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.StringTemplateSource;
import com.github.jknack.handlebars.io.TemplateSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.templ.handlebars.HandlebarsTemplateEngine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages' templates, read once at the start. Whatever a template prints passes {@link
 * VisibleText} and is escaped for HTML. Thread-safe.
 */
final class Templates {
  /** Name under which a template finds the words of its language. */
  static final String MESSAGES = "messages";

  private static final String FOLDER = "templates/";
  private static final String EXTENSION = ".hbs";
  static final List<String> PAGES =
      List.of("dashboard", "one", "logs", "openapi", "deliveries", "error");
  static final List<String> PARTIALS =
      List.of(
          "head",
          "foot",
          "problems",
          "services",
          "service",
          "queues",
          "operate",
          "usage",
          "traffic",
          "events",
          "when");

  private final HandlebarsTemplateEngine engine;

  /** Reads and compiles. Blocks. */
  Templates(Vertx vertx) {
    this.engine = HandlebarsTemplateEngine.create(vertx);
    engine.setResolvers(MapValueResolver.INSTANCE, MethodValueResolver.INSTANCE);
    Handlebars handlebars = engine.unwrap();
    handlebars.with(new JarTemplates()).with(new ConcurrentMapTemplateCache());
    handlebars.with(text -> escape(VisibleText.of(text.toString())));
    handlebars.registerHelper(
        "t",
        (key, options) -> ((Messages) options.get(MESSAGES)).text(key.toString(), options.params));
    PAGES.forEach(page -> compile(handlebars, page));
  }

  /** Fills in a template; only names of our own. */
  Future<Buffer> render(String name, Map<String, Object> values) {
    return engine.render(values, FOLDER + name + EXTENSION);
  }

  private static void compile(Handlebars handlebars, String page) {
    try {
      handlebars.compile(page + EXTENSION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '`' -> escaped.append("&#96;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Templates by name, held in memory, so that rendering reads no files. */
  private static final class JarTemplates extends AbstractTemplateLoader {
    private final Map<String, TemplateSource> sources = new HashMap<>();

    JarTemplates() {
      PAGES.forEach(this::read);
      PARTIALS.forEach(this::read);
    }

    private void read(String name) {
      String file = name + EXTENSION;
      sources.put(name, new StringTemplateSource(file, Resources.text(FOLDER + file)));
    }

    @Override
    public TemplateSource sourceAt(String location) throws FileNotFoundException {
      String file = location.substring(location.lastIndexOf('/') + 1);
      TemplateSource source = sources.get(file.replace(EXTENSION, ""));
      if (source == null) {
        throw new FileNotFoundException(location);
      }
      return source;
    }

    @Override
    public Charset getCharset() {
      return StandardCharsets.UTF_8;
    }
  }
}
