package io.wasmrunner.proxy.policy;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import io.wasmrunner.proxy.policy.Operation.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a contract out of the text of an openapi.json, 3.0 or 3.1. Whatever it cannot use it leaves
 * unchecked and tells. Nothing outside of the document is ever read. Takes long: never on an event
 * loop.
 */
final class ContractCompiler {
  private static final String BASE = "urn:wasmrunner:contract";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** Fields that OpenAPI gives to other parts of the contract. */
  private static final Set<String> NO_PARAMETERS =
      Set.of("accept", "content-type", "authorization");

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Located root;
  private final SchemaRegistry registry;
  private final boolean bodies;
  private final boolean openApi30;
  private final Listener listener;
  private final Map<String, SchemaCheck> schemas = new HashMap<>();
  private String method = "";
  private String template = "";

  /** Hears of what is not checked. */
  interface Listener {
    void unchecked(String method, String path, String what);
  }

  private ContractCompiler(
      Located root, String text, boolean bodies, boolean openApi30, Listener listener) {
    this.root = root;
    this.bodies = bodies;
    this.openApi30 = openApi30;
    this.listener = listener;
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(new SafePattern(this::unchecked))
            .build();
    Dialect safe =
        Dialect.builder(openApi30 ? Dialects.getOpenApi30() : Dialects.getOpenApi31())
            .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name))
            .formats(
                formats -> {
                  formats.clear();
                  SafeFormats.ALL.forEach(format -> formats.put(format.getName(), format));
                })
            .build();
    this.registry =
        SchemaRegistry.withDefaultDialect(
            safe,
            builder ->
                builder
                    .schemaRegistryConfig(config)
                    .schemaLoader(
                        loader ->
                            loader
                                .allow(iri -> iri.toString().equals(BASE))
                                .resourceLoaders(
                                    resources -> resources.resources(Map.of(BASE, text)))));
  }

  /**
   * The contract.
   *
   * @param bodies whether bodies are looked at, too
   * @throws IllegalArgumentException when the document is no OpenAPI 3
   */
  static Contract compile(String text, boolean bodies, Listener listener) {
    JsonNode document = MAPPER.readTree(text);
    String version = document.path("openapi").asString("");
    if (!version.startsWith("3.")) {
      throw new IllegalArgumentException("openapi is " + version + ", not 3.0 or 3.1");
    }
    return new ContractCompiler(
            Located.root(document), text, bodies, version.startsWith("3.0"), listener)
        .compile();
  }

  private Contract compile() {
    PathTree<Contract.PathItem> tree = new PathTree<>();
    int outside = outside(root.node());
    if (outside > 0) {
      unchecked(outside + " references lead out of the document; what stands there is not read");
    }
    Located paths = root.member("paths");
    for (String path : paths.node().propertyNames()) {
      if (path.startsWith("/")) {
        tree.put(path, new Contract.PathItem(path, operations(path, paths.member(path))));
      }
    }
    return new Contract(tree);
  }

  private Map<String, Operation> operations(String path, Located item) {
    Map<String, Operation> operations = new HashMap<>();
    for (String name : item.node().propertyNames()) {
      if (METHODS.contains(name)) {
        method = name.toUpperCase(Locale.ROOT);
        template = path;
        operations.put(method, operation(item, item.member(name)));
      }
    }
    return operations;
  }

  private Operation operation(Located item, Located operation) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Located each : List.of(item.member("parameters"), operation.member("parameters"))) {
      for (int i = 0; i < each.node().size(); i++) {
        Located described = each.element(i);
        Parameter parameter =
            parameter(
                described,
                described.node().path("name").asString(""),
                described.node().path("in").asString(""));
        if (parameter != null) {
          parameters.put(parameter.in() + " " + parameter.name(), parameter);
        }
      }
    }
    Map<String, Response> responses = new HashMap<>();
    Located described = operation.member("responses");
    for (String status : described.node().propertyNames()) {
      responses.put(
          status.equals("default") ? status : status.toUpperCase(Locale.ROOT),
          response(described.member(status)));
    }
    Located body = operation.member("requestBody");
    return new Operation(
        method,
        template,
        List.copyOf(parameters.values()),
        body.exists() ? content(body, body.node().path("required").asBoolean(false)) : Content.NONE,
        responses);
  }

  private Response response(Located response) {
    List<Parameter> headers = new ArrayList<>();
    Located described = response.member("headers");
    for (String name : described.node().propertyNames()) {
      Parameter header = parameter(described.member(name), name, "header");
      if (header != null) {
        headers.add(header);
      }
    }
    return new Response(
        headers, response.node().has("content") ? content(response, false) : Content.NONE);
  }

  private @Nullable Parameter parameter(Located described, String name, String in) {
    if (described.isOpen()) {
      unchecked("a parameter is a reference that cannot be followed");
      return null;
    }
    if (name.isEmpty()
        || !Parameter.PLACES.contains(in)
        || (in.equals("header") && NO_PARAMETERS.contains(name.toLowerCase(Locale.ROOT)))) {
      return null;
    }
    boolean form = in.equals("query") || in.equals("cookie");
    String style = described.node().path("style").asString(form ? "form" : "simple");
    if (!Parameter.STYLES.contains(style)) {
      unchecked("the style " + style + " of the parameter " + name);
      return null;
    }
    Located content = described.member("content");
    boolean json = content.exists();
    Located schema = json ? content.member("application/json").member("schema") : schema(described);
    return new Parameter(
        name,
        in,
        in.equals("path") || described.node().path("required").asBoolean(false),
        style,
        described.node().path("explode").asBoolean(style.equals("form")),
        json,
        Shape.of(schema),
        check(schema));
  }

  private Content content(Located holder, boolean required) {
    if (!bodies) {
      return Content.NONE;
    }
    if (holder.isOpen()) {
      unchecked("a body is a reference that cannot be followed");
      return Content.NONE;
    }
    Map<String, Content.Entry> types = new HashMap<>();
    Located content = holder.member("content");
    for (String type : content.node().propertyNames()) {
      Located schema = content.member(type).member("schema");
      types.put(MediaType.essence(type), new Content.Entry(Shape.of(schema), check(schema)));
    }
    return new Content(!types.isEmpty(), required, types);
  }

  private static int outside(JsonNode node) {
    String reference = node.path("$ref").asString("#");
    int count = reference.startsWith("#") ? 0 : 1;
    for (JsonNode each : node) {
      count += outside(each);
    }
    return count;
  }

  private static Located schema(Located holder) {
    return holder.member("schema");
  }

  private @Nullable SchemaCheck check(Located schema) {
    if (!schema.exists()) {
      return null;
    }
    SchemaCheck known = schemas.get(schema.pointer());
    if (known != null) {
      return known;
    }
    try {
      var compiled = registry.getSchema(SchemaLocation.of(BASE + "#" + fragment(schema.pointer())));
      compiled.initializeValidators();
      SchemaCheck check = new SchemaCheck(compiled, QuickCompiler.compile(schema, openApi30));
      schemas.put(schema.pointer(), check);
      return check;
    } catch (RuntimeException | StackOverflowError e) {
      String what = String.valueOf(e.getMessage());
      unchecked(
          "the schema at "
              + schema.pointer()
              + " cannot be used: "
              + what.substring(0, Math.min(200, what.length())));
      return null;
    }
  }

  private void unchecked(String what) {
    listener.unchecked(method, template, what);
  }

  /** A pointer as the fragment of a URI. */
  private static String fragment(String pointer) {
    StringBuilder fragment = new StringBuilder(pointer.length());
    for (byte octet : pointer.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "/~-._".indexOf(c) >= 0) {
        fragment.append(c);
      } else {
        fragment.append('%').append(String.format("%02X", (int) c));
      }
    }
    return fragment.toString();
  }
}
