package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;

/** What the sender of a request is told that cannot be framed. */
final class MalformedRequest {
  private MalformedRequest() {}

  static Refusal refusal(FramingFault fault, ProxyLimits limits) {
    String detail = "The request is refused: " + fault.what() + ".";
    return switch (fault.problem()) {
      case LINE_TOO_LONG ->
          fault
              .problem()
              .because(
                  "The request line is longer than " + limits.maxLineBytes() + " bytes.",
                  "Send long data in the body.");
      case HEADERS_TOO_LARGE ->
          fault
              .problem()
              .because(
                  "The header has more than %d bytes or %d fields."
                      .formatted(limits.maxHeaderBytes(), limits.maxHeaderFields()),
                  "Send fewer or smaller cookies and header fields.");
      case TRANSFER_CODING ->
          fault
              .problem()
              .because("Only the transfer coding chunked is supported.", "Send the body chunked.");
      case VERSION_NOT_SUPPORTED ->
          fault.problem().because(detail, "Speak HTTP/1.1, or HTTP/2 from the first byte.");
      default ->
          fault
              .problem()
              .because(
                  detail,
                  "Correct the client, or the proxy before this one: RFC 9112 is the rule.");
    };
  }

  /** A whole answer, for a connection that will not be used again. */
  static ByteBuf answer(Refusal refusal, String requestId, ByteBufAllocator allocator) {
    byte[] body = refusal.json(requestId).getBytes();
    ByteBuf bytes = allocator.buffer(256 + body.length);
    String head =
        "HTTP/1.1 "
            + HttpResponseStatus.valueOf(refusal.problem().status())
            + "\r\ncontent-type: application/problem+json\r\ncache-control: no-store"
            + "\r\nx-request-id: "
            + requestId
            + "\r\nconnection: close\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    ByteBufUtil.writeAscii(bytes, head);
    return bytes.writeBytes(body);
  }
}
