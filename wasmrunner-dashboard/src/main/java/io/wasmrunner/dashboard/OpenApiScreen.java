package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.eventbus.WireJson;
import io.wasmrunner.model.ServiceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The contract of a service in short: its operations. */
final class OpenApiScreen {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final Bus bus;
  private final LiveModel model;
  private final Pages pages;

  OpenApiScreen(Bus bus, LiveModel model, Pages pages) {
    this.bus = bus;
    this.model = model;
    this.pages = pages;
  }

  void mount(Endpoints endpoints) {
    endpoints.get(Paths.UI + "/services/:name/openapi", this::show);
  }

  /** An operation, ready to be shown. */
  record Operation(String method, String path, String summary, String answers) {}

  private void show(RoutingContext context) {
    ServiceStatus service = ManagementApi.known(model, context.pathParam("name"));
    Endpoints.whenDone(
        context,
        KeptEndpoints.contract(bus, service),
        document -> show(context, service, document));
  }

  private void show(RoutingContext context, ServiceStatus service, OpenApiDocument document) {
    Pages.Visitor visitor = pages.visitor(context);
    JsonNode contract = WireJson.mapper().readTree(document.json());
    JsonNode info = contract.path("info");
    Map<String, Object> values = new HashMap<>();
    values.put("service", service.name());
    values.put(
        "summary",
        (info.path("title").asString("") + " " + info.path("version").asString("")).strip());
    values.put("operations", operations(contract));
    values.put("raw", Paths.ROOT + "/services/" + Paths.encode(service.name()) + "/openapi");
    String title = visitor.messages().text("openapi.title") + " " + VisibleText.of(service.name());
    pages.send(context, visitor, "openapi", title, values);
  }

  private static List<Operation> operations(JsonNode contract) {
    List<Operation> operations = new ArrayList<>();
    contract
        .path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) -> {
                      if (METHODS.contains(method)) {
                        operations.add(
                            new Operation(
                                method.toUpperCase(Locale.ROOT),
                                path,
                                operation.path("summary").asString(""),
                                String.join(" ", operation.path("responses").propertyNames())));
                      }
                    }));
    return operations;
  }
}
