package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request with what a test gives it. */
final class TestingRequest implements BalancedRequest {
  final Map<String, String> headers = new HashMap<>();
  final Map<String, String> cookies = new HashMap<>();
  final Map<String, String> query = new HashMap<>();
  final List<String> answerHeaders = new ArrayList<>();
  String clientAddress = "127.0.0.1";
  boolean secure;

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(cookies.get(name));
  }

  @Override
  public Optional<String> queryParameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  @Override
  public boolean secure() {
    return secure;
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    answerHeaders.add(name + ": " + value);
  }
}
