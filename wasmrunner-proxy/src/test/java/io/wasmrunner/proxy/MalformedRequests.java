package io.wasmrunner.proxy;

import java.util.LinkedHashMap;
import java.util.Map;

/** Requests that could be read in two ways, all for {@code /echo/bad}, and what they come to. */
final class MalformedRequests {
  private static final String HOST = "Host: test.local\r\n";
  private static final String POST = "POST /echo/bad HTTP/1.1\r\n" + HOST;
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String SMUGGLED = "GET /echo/smuggled HTTP/1.1\r\n" + HOST + "\r\n";

  private final Map<String, Case> cases = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param request its bytes, one a character
   * @param status what it is answered with
   */
  record Case(String request, int status) {}

  private MalformedRequests() {
    lines();
    requestLines();
    fields();
    hosts();
    lengths();
    codings();
    chunks();
    trailers();
    sizes();
  }

  static Map<String, Case> all() {
    return new MalformedRequests().cases;
  }

  private void bad(String name, String request) {
    bad(name, request, 400);
  }

  private void bad(String name, String request, int status) {
    if (cases.put(name, new Case(request, status)) != null) {
      throw new IllegalStateException("twice: " + name);
    }
  }

  private void badField(String name, String field) {
    bad(name, "GET /echo/bad HTTP/1.1\r\n" + HOST + field + "\r\n\r\n");
  }

  private void badLine(String name, String line, int status) {
    bad(name, line + "\r\n" + HOST + "\r\n", status);
  }

  private void lines() {
    bad("bare LF everywhere", "GET /echo/bad HTTP/1.1\nHost: test.local\n\n");
    bad("bare LF after the request line", "GET /echo/bad HTTP/1.1\n" + HOST + "\r\n");
    bad("bare LF after a field", "GET /echo/bad HTTP/1.1\r\n" + HOST + "A: b\nC: d\r\n\r\n");
    bad("bare LF at the end of the head", "GET /echo/bad HTTP/1.1\r\n" + HOST + "\n");
    bad("bare CR after the request line", "GET /echo/bad HTTP/1.1\r" + HOST + "\r\n");
    badField("bare CR in a value", "A: b\rContent-Length: 5");
    badField("bare CR before the line end", "A: b\r");
    badField("two CR before the LF", "A: b\r\r");
    badField("NUL in a value", "A: b\0c");
    badField("NUL in a name", "A\0: b");
    badField("vertical tab in a value", "A: b\u000bc");
    badField("form feed in a value", "A: b\fc");
    badField("escape in a value", "A: b\u001b[0m");
    badField("DEL in a value", "A: b\u007f");
    bad("NUL in the request line", "GET /echo/bad\0 HTTP/1.1\r\n" + HOST + "\r\n");
    bad("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
    bad("two empty lines first", "\r\n\r\n" + "GET /echo/bad HTTP/1.1\r\n" + HOST + "\r\n");
    bad("a bare LF first", "\nGET /echo/bad HTTP/1.1\r\n" + HOST + "\r\n");
    bad("a space first", " GET /echo/bad HTTP/1.1\r\n" + HOST + "\r\n");
  }

  private void requestLines() {
    badLine("HTTP/0.9", "GET /echo/bad", 400);
    badLine("only a method", "GET", 400);
    badLine("no method", " /echo/bad HTTP/1.1", 400);
    badLine("no target", "GET  HTTP/1.1", 400);
    badLine("two spaces before the target", "GET  /echo/bad HTTP/1.1", 400);
    badLine("two spaces before the version", "GET /echo/bad  HTTP/1.1", 400);
    badLine("a tab for a space", "GET\t/echo/bad HTTP/1.1", 400);
    badLine("a tab before the version", "GET /echo/bad\tHTTP/1.1", 400);
    badLine("a space in the target", "GET /echo/bad x HTTP/1.1", 400);
    badLine("a space at the end", "GET /echo/bad HTTP/1.1 ", 400);
    badLine("a method in brackets", "[GET] /echo/bad HTTP/1.1", 400);
    badLine("a method with a slash", "G/T /echo/bad HTTP/1.1", 400);
    badLine("a method with a colon", "GET: /echo/bad HTTP/1.1", 400);
    badLine("a method outside ASCII", "G\u00c9T /echo/bad HTTP/1.1", 400);
    badLine("a method longer than any", "G".repeat(33) + " /echo/bad HTTP/1.1", 501);
    badLine("HTTP in small letters", "GET /echo/bad http/1.1", 400);
    badLine("a version of two digits", "GET /echo/bad HTTP/1.10", 400);
    badLine("a version without minor", "GET /echo/bad HTTP/1", 400);
    badLine("a version with a comma", "GET /echo/bad HTTP/1,1", 400);
    badLine("a version with a sign", "GET /echo/bad HTTP/+1.1", 400);
    badLine("another protocol", "GET /echo/bad ICAP/1.0", 400);
    badLine("version 0.9", "GET /echo/bad HTTP/0.9", 505);
    badLine("version 1.2", "GET /echo/bad HTTP/1.2", 505);
    badLine("version 2.0", "GET /echo/bad HTTP/2.0", 505);
    badLine("version 3.0", "GET /echo/bad HTTP/3.0", 505);
    badLine("the preface of HTTP/2, almost", "PRI * HTTP/2.0", 505);
  }

  private void fields() {
    badField("a space before the colon", "A : b");
    badField("a tab before the colon", "A\t: b");
    badField("a space in a name", "A B: c");
    badField("no colon", "A");
    badField("no name", ": b");
    badField("a name in brackets", "(A): b");
    badField("a name with a slash", "A/B: c");
    badField("a name outside ASCII", "\u00c4: b");
    badField("a folded value", "A: b\r\n c");
    badField("a value folded with a tab", "A: b\r\n\tc");
    badField("a line of a space", "A: b\r\n \r\nC: d");
    bad(
        "white space before the first field",
        "GET /echo/bad HTTP/1.1\r\n A: b\r\n" + HOST + "\r\n");
    bad("a folded Host", "GET /echo/bad HTTP/1.1\r\nHost:\r\n test.local\r\n\r\n");
    badField("Connection names Content-Length", "Connection: close, Content-Length");
    badField("Connection names Transfer-Encoding", "Connection: transfer-encoding");
    badField("Connection names Host", "Connection: host");
    bad("old WebSocket keys", POST + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n");
  }

  private void hosts() {
    bad("no Host", "GET /echo/bad HTTP/1.1\r\nA: b\r\n\r\n");
    badField("two Hosts", "Host: other.local");
    badField("the same Host twice", "Host: test.local");
    for (String host :
        new String[] {"a b", "a/b", "a?b", "a#b", "u@a", "a\"b", "a\\b", "<a>", "\u00e4"}) {
      bad("Host " + host, "GET /echo/bad HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }
    badLine("a target for another host", "GET http://other.local/echo/bad HTTP/1.1", 400);
    badLine("a target for another port", "GET http://test.local:81/echo/bad HTTP/1.1", 400);
    badLine("a target with a user", "GET http://u@test.local/echo/bad HTTP/1.1", 400);
    badLine("a target that ends with the host", "GET http://other.local#test.local/ HTTP/1.1", 400);
  }

  private void lengths() {
    for (String value :
        new String[] {
          "",
          "+5",
          "-5",
          "-0",
          "0x5",
          "5,5",
          "5, 5",
          "5 5",
          "5;",
          "5.0",
          "5e0",
          "\"5\"",
          "\u00b2",
          "five",
          "1234567890123456789",
          "99999999999999999999999999"
        }) {
      bad(
          "Content-Length " + value,
          POST + "Content-Length: " + value + "\r\n\r\nhello" + SMUGGLED);
    }
    bad("two lengths", POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + SMUGGLED);
    bad(
        "the same length twice",
        POST + "Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello" + SMUGGLED);
    bad("a length with a space", POST + "Content-Length : 5\r\n\r\nhello");
    bad("a length with an underscore", POST + "Content_Length: 5\r\n\r\nhello");
    bad("a length that Vert.x alone sees", POST + "Content-Xength: 38\r\n\r\n" + SMUGGLED);
    bad("a type that Vert.x alone sees", POST + "Content-Xype: text/html\r\n\r\n");
  }

  private void codings() {
    String body = "5\r\nhello\r\n0\r\n\r\n" + SMUGGLED;
    for (String value :
        new String[] {
          "",
          "xchunked",
          "chunkedx",
          "x chunked",
          "chunked x",
          "chunked;q=1",
          "chunked,",
          ",chunked",
          "chunked, chunked",
          "chunked, identity",
          "chunked, gzip",
          "identity",
          "gzip",
          "\"chunked\"",
          "chu nked",
          "chunked,,chunked",
          "gzip;q=1, chunked",
          "\u00e7hunked"
        }) {
      bad("Transfer-Encoding " + value, POST + "Transfer-Encoding: " + value + "\r\n\r\n" + body);
    }
    String[] hidden = {
      "Transfer-Encoding : chunked",
      "Transfer-Encoding\t: chunked",
      " Transfer-Encoding: chunked",
      "Transfer-Encoding: chunked\u000b",
      "Transfer-Encoding:\u000bchunked",
      "Transfer-Encoding\u000b: chunked",
      "Transfer-Encoding:\r\n chunked",
      "Transfer-Encoding:\n chunked",
      "Transfer_Encoding: chunked",
      "Transfer Encoding: chunked",
      "Transfer\\Encoding: chunked",
      "A: b\rTransfer-Encoding: chunked",
      "A: b\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\0",
    };
    for (String field : hidden) {
      bad("hidden " + field, POST + field + "\r\nContent-Length: 15\r\n\r\n" + body);
    }
    bad("gzip, chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n" + body, 501);
    bad("identity, chunked", POST + "Transfer-Encoding: identity, chunked\r\n\r\n" + body, 501);
    bad(
        "two codings",
        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    bad(
        "a second coding",
        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n" + body);
    bad(
        "a coding before",
        POST + "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    bad("TE.CL", POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + body);
    bad("CL.TE", POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    bad("CL.TE with 0", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    bad(
        "chunks in HTTP/1.0",
        "POST /echo/bad HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body);
    bad(
        "chunks in HTTP/1.0 that wants to stay",
        "POST /echo/bad HTTP/1.0\r\n"
            + HOST
            + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
            + body);
  }

  private void chunks() {
    for (String size :
        new String[] {
          "",
          " 5",
          "\t5",
          "5 ",
          "5\t",
          "+5",
          "-5",
          "0x5",
          "0X5",
          "5h",
          "g",
          "5,",
          "\"5\"",
          "80000000",
          "ffffffff",
          "100000005",
          "7fffffffffffffff",
          "10000000000000005",
          "0".repeat(16) + "5",
          "5;",
          "5;;a",
          "5; a",
          "5 ;a",
          "5;a=",
          "5;a=\"b\"",
          "5;a=\"b\r\n\"",
          "5;a=b c",
          "5;=b",
          "5;a b",
          "5;\u0001",
          "5;a=b\"",
          "5;" + "a".repeat(300)
        }) {
      bad(
          "chunk size " + size.replaceAll("(?s)a{9,}.*", "with much"),
          CHUNKED + size + "\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
    }
    bad("much extension", CHUNKED + ("1;" + "a".repeat(200) + "\r\nx\r\n").repeat(6) + "0\r\n\r\n");
    bad("LF after a chunk size", CHUNKED + "5\nhello\r\n0\r\n\r\n" + SMUGGLED);
    bad("LF after an extension", CHUNKED + "5;a\nhello\r\n0\r\n\r\n" + SMUGGLED);
    bad("CR in an extension", CHUNKED + "5;a\rb\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
    bad("LF after a chunk", CHUNKED + "5\r\nhello\n0\r\n\r\n" + SMUGGLED);
    bad("nothing after a chunk", CHUNKED + "5\r\nhello0\r\n\r\n" + SMUGGLED);
    bad("more after a chunk", CHUNKED + "5\r\nhelloXX0\r\n\r\n" + SMUGGLED);
    bad("two line ends after a chunk", CHUNKED + "5\r\nhello\r\n\r\n0\r\n\r\n" + SMUGGLED);
    bad("LF at the end of the chunks", CHUNKED + "5\r\nhello\r\n0\r\n\n" + SMUGGLED);
  }

  private void trailers() {
    for (String field :
        new String[] {
          "Content-Length: 5",
          "Transfer-Encoding: chunked",
          "Host: other.local",
          "Connection: close",
          "Authorization: Basic YTpi",
          "Cookie: a=b",
          "Trailer: A",
          "TE: trailers",
          "X-Forwarded-For: ::1",
          "A : b",
          " A: b",
          "A",
          ": b",
          "A: b\r\n c",
          "A: b\nC: d",
          "A: b\0",
          "Content_Length: 5",
          "GET /echo/smuggled HTTP/1.1"
        }) {
      bad("trailer " + field, CHUNKED + "5\r\nhello\r\n0\r\n" + field + "\r\n\r\n" + SMUGGLED);
    }
    bad("many trailers", CHUNKED + "0\r\n" + "A: b\r\n".repeat(200) + "\r\n");
  }

  private void sizes() {
    badLine("a long target", "GET /echo/bad?" + "x".repeat(8200) + " HTTP/1.1", 414);
    bad("a target without end", "GET /echo/bad?" + "x".repeat(9000), 414);
    bad(
        "a large field",
        "GET /echo/bad HTTP/1.1\r\n" + HOST + "A: " + "b".repeat(33_000) + "\r\n\r\n",
        431);
    bad(
        "a field without end",
        "GET /echo/bad HTTP/1.1\r\n" + HOST + "A: " + "b".repeat(40_000),
        431);
    bad(
        "a large header",
        "GET /echo/bad HTTP/1.1\r\n"
            + HOST
            + ("A: " + "b".repeat(990) + "\r\n").repeat(40)
            + "\r\n",
        431);
    bad("many fields", "GET /echo/bad HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(128) + "\r\n", 431);
    bad(
        "a large name",
        "GET /echo/bad HTTP/1.1\r\n" + HOST + "A".repeat(40_000) + ": b\r\n\r\n",
        431);
  }
}
