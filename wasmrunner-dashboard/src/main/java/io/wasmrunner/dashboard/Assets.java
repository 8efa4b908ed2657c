package io.wasmrunner.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The style sheet, the script and the icon, under addresses that change with their content. */
final class Assets {
  private static final String FOREVER = "public, max-age=31536000, immutable";

  private final Map<String, Asset> assets = new LinkedHashMap<>();
  private final Asset icon;

  /** Reads the files. Blocks. */
  Assets() {
    add("app.css", "text/css; charset=utf-8");
    add("app.js", "text/javascript; charset=utf-8");
    this.icon = add("icon.svg", "image/svg+xml");
  }

  private record Asset(String path, String mediaType, Buffer content) {}

  void mount(Endpoints endpoints) {
    for (Asset asset : assets.values()) {
      endpoints.get(asset.path(), context -> send(context, asset, FOREVER));
    }
    endpoints.get("/favicon.ico", context -> send(context, icon, "public, max-age=86400"));
  }

  /** Address of an asset. */
  String path(String name) {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("no asset \"" + name + "\"");
    }
    return asset.path();
  }

  private Asset add(String name, String mediaType) {
    byte[] content = Resources.bytes("assets/" + name);
    int dot = name.indexOf('.');
    String path =
        Paths.UI + "/assets/" + name.substring(0, dot) + "-" + hash(content) + name.substring(dot);
    Asset asset = new Asset(path, mediaType, Buffer.buffer(content));
    assets.put(name, asset);
    return asset;
  }

  private static void send(RoutingContext context, Asset asset, String caching) {
    context
        .response()
        .putHeader("Content-Type", asset.mediaType())
        .putHeader("Cache-Control", caching)
        .end(asset.content());
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
